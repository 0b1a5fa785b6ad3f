#!/bin/sh
# Speed against `wc -m`, which decodes and counts the characters of the same files: a floor for reading text at all.
#
#     benches/ratio.sh [COUNT] [FOLDER]      COUNT generated documents, 20000 when not said
#
# Both run on the same files in the same minute, warm, best of three; a ratio of 5 means five times the time of `wc -m`.
set -eu
cd "$(dirname "$0")/.."
count=${1:-20000}
folder=${2:-$(mktemp -d)}
target=${CARGO_TARGET_DIR:-target}

cargo build --release --quiet
[ -e "$folder/docs/truth.jsonl" ] || cargo bench --quiet --bench generate -- "$folder/docs" "$count"
bytes=$(find "$folder/docs" -name '*.txt' -print0 | xargs -0 cat | wc -c)
echo "$(find "$folder/docs" -name '*.txt' | wc -l) documents, $bytes bytes, $(getconf _NPROCESSORS_ONLN) cores"

# seconds of the best of three runs of "$@"; an exit code of 1 (findings) is a good run
best() {
    for _ in 1 2 3; do
        # else the time of giving back the last run's gigabyte, and of waiting for the disk, counts for this one
        rm -rf "$folder/out"
        sync
        start=$(date +%s.%N)
        "$@" > /dev/null || [ $? -eq 1 ]
        end=$(date +%s.%N)
        echo "$start $end"
    done | awk '{ t = $2 - $1; if (NR == 1 || t < best) best = t } END { printf "%.3f\n", best }'
}
count_characters() {
    find "$folder/docs" -name '*.txt' -print0 | LC_ALL=C.UTF-8 xargs -0 wc -m
}
convert() {
    "$target/release/nianbao" convert "$folder/docs" --out "$folder/out" --threads "$1" --format "$2" --quiet
}

floor=$(best count_characters)
report() {
    awk -v name="$1" -v t="$2" -v floor="$floor" -v bytes="$bytes" \
        'BEGIN { printf "%-36s %8.3f s %8.1f MB/s %7.2f x wc -m\n", name, t, bytes / t / 1e6, t / floor }'
}
report "wc -m" "$floor"
report "convert --threads 1 --format jsonl" "$(best convert 1 jsonl)"
report "convert --threads 2 --format jsonl" "$(best convert 2 jsonl)"
report "convert --threads 2 --format csv" "$(best convert 2 csv)"

[ -n "${2:-}" ] || rm -r "$folder"
