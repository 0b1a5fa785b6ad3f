"""Archives on Spark: spark-submit spark_archives.py OUT ARCHIVE...  (absolute paths: executors run elsewhere)"""

import sys
from itertools import islice
from nianbao import convert_one
from pyspark.sql import SparkSession

def one(uri):
    try:
        convert_one(uri, out, tables=["cells", "reports"])
    except Exception as error:
        yield uri, repr(error)

def run(uris):
    try:
        return spark.sparkContext.parallelize(uris, len(uris)).flatMap(one).collect()
    except Exception as error:  # an archive killed its worker, and Spark the job; what is done is not done again
        half = len(uris) // 2
        return run(uris[:half]) + run(uris[half:]) if half else [(uris[0], repr(error))]

out, archives, failed = sys.argv[1], iter(sys.argv[2:]), []
spark = SparkSession.builder.appName("nianbao").getOrCreate()
while window := list(islice(archives, 4096)):
    failed += run(window)
sys.exit("\n".join(f"failed: {uri}: {why}" for uri, why in failed) or None)
