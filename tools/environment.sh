#!/bin/sh
# Make the virtual environment named by the first argument, or bring it up to requirements.lock.
# An interrupted or outdated one is completed in place; one whose Python is gone is made anew.
set -eu

venv=$1

usable() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if usable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    {
        echo "没有找到可用的 Python：需要 3.11 或更高版本，并带有 venv 组件。"
        echo "Debian、Ubuntu 请安装 python3 和 python3-venv；已装在别处的，请指明：make PYTHON=/路径/python3.12 …"
    } >&2
    return 1
}

# The build tool of the one dependency that comes as source is installed first, from the same
# lock, so that every file that reaches the environment was checked against a hash.
pinned() {
    sed -n "/^$1==/,/[^\\\\]\$/p" requirements.lock
}

# The lock is complete, so pip resolves nothing (--no-deps): an older pip does not see that a pin also
# answers a wish with an extra, looks for the newest release and stops the day there is one.
install() {
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
        --require-hashes --no-deps "$@"
}

step() {
    echo "$1" >&2
}

# What pip says of a sound environment is no news.
check() {
    reported=$("$venv/bin/python" -m pip check --disable-pip-version-check 2>&1) || {
        echo "$reported"
        return 1
    }
}

if ! usable "$venv/bin/python"; then
    python=$(find_python)
    step "首次运行，要先建立运行环境 $venv，约需几分钟，以后不再等待。"
    step "第1步，共4步：建立虚拟环境（$("$python" --version)）……"
    "$python" -m venv --clear "$venv"
else
    step "正在按 requirements.lock 更新运行环境 $venv。"
    step "第1步，共4步：虚拟环境已经有了，沿用。"
fi

pinned setuptools >"$venv/build.lock"
packages=$(grep -c '^[^ #].*==' requirements.lock)
if ! { step "第2步，共4步：安装打包工具……" && install -r "$venv/build.lock"; } ||
    ! { step "第3步，共4步：下载、安装 $packages 个软件包，最费时间，请等候……" &&
        install --no-build-isolation --use-pep517 -r requirements.lock; } ||
    ! { step "第4步，共4步：检查各软件包是否齐全、相配……" && check >&2; }; then
    echo "依赖安装失败：请检查网络和 pip 的软件源设置，然后重新运行；已装好的部分会保留。" >&2
    exit 1
fi
echo "运行环境已备好。" >&2
