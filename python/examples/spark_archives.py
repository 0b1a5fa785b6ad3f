"""Archives on Spark: spark-submit spark_archives.py OUT ARCHIVE...  (absolute paths: executors run elsewhere)"""

import sys

from pyspark.sql import SparkSession

from nianbao import convert_one


def one(uri, out):
    try:
        convert_one(uri, out, tables=["cells", "reports"])
        return uri, None
    except Exception as error:
        return uri, repr(error)


if __name__ == "__main__":
    out, archives = sys.argv[1], sys.argv[2:]
    spark = SparkSession.builder.appName("nianbao").getOrCreate()
    work = spark.sparkContext.parallelize(archives, max(1, len(archives)))
    failed = [(uri, why) for uri, why in work.map(lambda uri: one(uri, out)).collect() if why]
    for uri, why in failed:
        print(f"failed: {uri}: {why}", file=sys.stderr)
    sys.exit(1 if failed else 0)
