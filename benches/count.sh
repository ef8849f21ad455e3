#!/usr/bin/env bash
# Counts the instructions of every operation of benches/instructions.rs, once, and compares them with
# benches/instructions.txt. With --update it writes that file instead.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# In percent. Counts differ a little from machine to machine: the C library chooses its copying by the processor.
TOLERANCE=5
expected=benches/instructions.txt

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
binary=$(cargo bench --locked --bench instructions --no-run --message-format json 2>/dev/null |
    sed -n 's/.*"name":"instructions".*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
[[ -x $binary ]] || { printf 'the bench was not built\n' >&2; exit 1; }

COUNT_INSTRUCTIONS=1 valgrind --tool=callgrind --callgrind-out-file="$work/callgrind" "$binary" >"$work/counts" 2>"$work/valgrind"
callgrind_annotate --inclusive=yes --threshold=100 "$work/callgrind" >"$work/functions"
while read -r name count; do
    total=$(sed -n "s/^ *\([0-9,]*\) .*[:]instructions::$name \[.*/\1/p" "$work/functions" | head -n 1 | tr -d ,)
    printf '%s %s\n' "$name" "$((${total:?"callgrind does not know $name"} / count))"
done <"$work/counts" >"$work/measured"

if [[ ${1:-} == --update ]]; then
    {
        printf '# Instructions of each operation, as `benches/count.sh --update` writes them.\n'
        cat "$work/measured"
    } >"$expected"
    cat "$expected"
    exit
fi
awk -v tolerance="$TOLERANCE" '
    /^#/ { next }
    NR == FNR { expected[$1] = $2; next }
    !($1 in expected) { printf "%-18s %12d instructions, and none are noted\n", $1, $2; bad = 1; next }
    {
        change = 100 * ($2 / expected[$1] - 1)
        verdict = change > tolerance ? "SLOWER" : change < -tolerance ? "faster: note it" : ""
        printf "%-18s %12d instructions, %12d noted, %+.1f %%  %s\n", $1, $2, expected[$1], change, verdict
        if (change > tolerance) bad = 1
    }
    END { exit bad }
' "$expected" "$work/measured" || {
    printf 'A hot path has become slower by more than %s %%. If it is meant to be, run `benches/count.sh --update` and say why in the commit.\n' "$TOLERANCE" >&2
    exit 1
}
