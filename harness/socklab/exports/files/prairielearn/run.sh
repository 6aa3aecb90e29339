#!/bin/sh
# PrairieLearn runs this for each submission, and reads results/results.json if it ends with 0.
set -u

base=${SOCKLAB_BASE:-/grade}
. "$base/tests/socklab/find_python.sh"
find_python || exit 1

# Nothing here is for submissions to read: neither checks nor correct answers.
chmod go-rwx "$base"
mkdir -p "$base/results"
"$python" -IS "$base/tests/socklab/grade.py" "$base/student" "$base/results/results.json"
[ -s "$base/results/results.json" ]
