#!/usr/bin/env bash
# The recipes of samples/Archives for xargs and make: what processes extract one by one is merged to what 'analyze' finds, octet for octet.
# Prints 'ok N name' and 'not ok N name' lines; exit code 0 when nothing failed.
source "$(dirname "$0")/common.sh"
prepare

cd "$work"
find captures -type f -name '*.pcap*' -print0 | sed -z "s#^#$work/#" > captures.list
xargs -0 -P 4 -n 2 nbnssim extract --parallel 1 --out RUNS < captures.list > xargs.log 2>&1 && nbnssim merge RUNS --list captures.list --out xargs > merge.log 2>&1 && same xargs
count "xargs: the results are those of analyze" $?

again=$(xargs -0 nbnssim extract --out RUNS < captures.list)
[ "$again" = "0 runs made, 12 there already, 0 captures not extracted." ]
count "what is extracted is not extracted again" $?

large=$(find captures -type f -printf '%s %p\n' | sort -n | tail -n 1)
file=${large#* }
step=$((${large%% *} / 5))
mkdir one && cp "$file" one/
seq 0 $step "${large%% *}" | xargs -P 4 -I @ sh -c "nbnssim extract one/${file##*/} --range \"@..\$((@ + $step))\" --out RANGES" > ranges.log 2>&1
for round in 1 2 3 4 5 6; do
    nbnssim merge RANGES --out ranges > ranges.txt 2>> ranges.log
    status=$?
    [ $status = 3 ] || break
    from=$(tr '\n' ' ' < ranges.txt | sed -nE 's/.*begins at *octet *([0-9]+) *of.*/\1/p')
    nbnssim extract "one/${file##*/}" --range "$from..$((from + step))" --out RANGES >> ranges.log 2>&1
done
nbnssim analyze one --out alone-one > alone-one.log 2>&1
[ $status = 0 ] && diff -r alone-one/results ranges/results
count "a capture in ranges: the results are those of analyze" $?

first=$(find captures -type f | sort | head -n 1)
mv "$first" aside
nbnssim merge RUNS --list <(printf '%s\n' "$work/none.pcap") --out wanting > wanting.txt 2>&1
[ $? = 3 ] && grep -q 'It was not extracted' wanting.txt
count "a capture that is wanting is said" $?
mv aside "$first"

made() { make -s -j 4 -k -f "$root/samples/Archives/Makefile" CAPTURES="$work/captures" RUNS="$work/made" JOB="$work/make" >> make.log 2>&1; }
made && same make
count "make: the results are those of analyze" $?

: > make.log
made && [ ! -s make.log ]
count "make has nothing to do" $?

touch "$first"
made && [ "$(grep -c 'runs made' make.log)" = 1 ] && grep -q '^0 runs made, 1 there already' make.log && same make
count "make looks at the one capture that was touched" $?

# a server that ignores Range; only the table and the page with the paths differ
if command -v python3 > /dev/null; then
    python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$work/captures" > server.txt 2> server.log &
    server=$!
    trap 'kill $server 2> /dev/null; wait $server 2> /dev/null; rm -rf "$work"' EXIT
    for ((tries = 0; tries < 100; tries++)); do
        port=$(sed -nE 's/.*port ([0-9]+).*/\1/p' server.txt)
        [ -z "$port" ] || break
        sleep 0.1
    done
    (cd captures && find . -type f -printf '%P\n') | sed "s#^#http://127.0.0.1:$port/#" > urls
    nbnssim analyze --list urls --out url > url.log 2>&1 && diff -r -x captures.parquet -x report.html alone/results url/results
    count "by URL: the results are those of analyze" $?
    kill $server
else
    echo "SKIPPED: captures by URL: python3 is not installed"
fi

finish
