"""Archives on a Dask cluster: python dask_archives.py OUT ARCHIVE... [--scheduler ADDRESS]"""

import argparse
import sys

import dask
from distributed import Client, LocalCluster

from nianbao import convert_all

if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("out")
    arguments.add_argument("archives", nargs="+")
    arguments.add_argument("--scheduler")
    arguments.add_argument("--workers", type=int, default=2)
    asked = arguments.parse_args()
    dask.config.set({"distributed.worker.profile.enabled": False})  # a third of what Dask itself costs
    cluster = asked.scheduler or LocalCluster(asked.workers, threads_per_worker=1, dashboard_address=None)
    with Client(cluster) as client:
        failed = convert_all(asked.archives, asked.out, client, tables=["cells", "reports"])
    for uri, why in failed.items():
        print(f"failed: {uri}: {why}", file=sys.stderr)
    sys.exit(1 if failed else 0)
