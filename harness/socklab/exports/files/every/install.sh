#!/bin/sh
# Installs what socklab needs on Debian or Ubuntu, as root: a C compiler, bubblewrap, libseccomp, and a Python that is new
# enough. With SOCKLAB_PYTHON set nothing is installed: whoever names a Python has the rest too.
set -eu

here=$(dirname "$0")
. "$here/find_python.sh"

if [ -n "${SOCKLAB_PYTHON:-}" ]; then
    find_python
    exit
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends bubblewrap ca-certificates gcc libc6-dev libseccomp2 make python3

install_python() {
    # Ubuntu 22.04 has it beside its own 3.10.
    apt-get install -y -qq --no-install-recommends python3.11 && find_python && return
    # Anywhere else uv brings one, to where every user may read it.
    apt-get install -y -qq --no-install-recommends python3-pip
    python3 -m pip install --quiet uv
    export UV_PYTHON_INSTALL_DIR=/opt/socklab-python
    python3 -m uv python install --quiet 3.12
    ln -sf "$(python3 -m uv python find --no-project 3.12)" /usr/local/bin/python3.12
    find_python
}

find_python || install_python
