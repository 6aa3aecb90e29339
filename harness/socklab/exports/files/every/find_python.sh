# Read by the other scripts: find_python sets $python to a Python that can run socklab, or fails.
# SOCKLAB_PYTHON names one that is to be tried first.

find_python() {
    for python in "${SOCKLAB_PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return 0
        fi
    done
    echo "socklab: Python 3.11 or newer is needed, and there is none" >&2
    return 1
}
