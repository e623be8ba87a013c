"""Fetch a window in a process of its own whose files may not grow beyond a number of bytes, as on a full disk.

    python -m usage_assets_tests.landing.full_disk URL LANDING BYTES

It prints a JSON object: the sentence of the error, whether the account failed, and how many windows landed. In the
process of the tests, the limit would also hold for the files in which pytest keeps their output.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from usage_assets.integrations.profiles import load_profiles
from usage_assets.landing.fetch import FetchTarget, fetch_days
from usage_assets.landing.manifest import LandingUnwritable
from usage_assets.landing.store import Landing
from usage_assets.truto import TrutoClient
from usage_assets_tests.checkout import CHECKOUT
from usage_assets_tests.landing.windows import DAY, NOW


def fetched_on_full_disk(url: str, landing: Landing, size: int) -> dict[str, Any]:
    """Return what a fetch of the window that most tests use came to, with files of at most `size` bytes."""
    command = [sys.executable, "-m", __name__, url, str(landing.root), str(size)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(url: str, root: Path, size: int) -> None:
    """Fetch and print."""
    landing = Landing(root)
    with landing.account_lock("a-1"):
        pass  # the lock file exists before the disk is full
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    with TrutoClient(token="t", base_url=url) as client:
        target = FetchTarget("a-1", load_profiles().of("openai_codex"))
        result = fetch_days(client, target, [DAY], landing, now=lambda: NOW)
    assert isinstance(result.error, LandingUnwritable), result.error
    outcome = {
        "error": str(result.error),
        "has_account_failure": result.has_account_failure,
        "landed": len(result.landed),
    }
    sys.stdout.write(json.dumps(outcome))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
