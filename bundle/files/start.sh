#!/bin/sh
# 安装（仅第一次）并启动绩效目标审核服务；参数原样交给 kpi serve，如 ./start.sh --port 8001
cd "$(dirname "$0")" || exit 1
for version in @PYTHONS@; do
  if command -v "python$version" >/dev/null 2>&1; then
    exec "python$version" start.py "$@"
  fi
done
if command -v python3 >/dev/null 2>&1; then
  exec python3 start.py "$@"
fi
echo "没有找到 Python。请安装 Python @FIRST@ 至 @LAST@ 中的一个版本，再运行本脚本。" >&2
exit 1
