#!/bin/sh
# Grades what was handed in; the last line that it prints is what Autolab reads the points from.
set -eu

. ./socklab/find_python.sh
if ! find_python 2>/dev/null; then
    echo "The grader failed, not your program: the autograding image has no Python 3.11 or newer."
    exit 4
fi

mkdir handin
for file in *; do
    case $file in
    Makefile | autograde-Makefile | autograde.tar | socklab | socklab-autograde.sh | handin) ;;
    *) cp -R -- "$file" handin/ ;;
    esac
done

# Learners read standard error too, and what the grader says there is not for them.
exec "$python" -IS socklab/grade.py handin 2>/dev/null
