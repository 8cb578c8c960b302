@echo off
setlocal
cd /d "%~dp0"
set PY=
for %%v in (@PYTHONS@) do if not defined PY py -%%v -c "" >nul 2>nul && set PY=py -%%v
if not defined PY python -c "" >nul 2>nul && set PY=python
if defined PY goto start
echo 没有找到 Python。请安装 64 位的 Python @FIRST@ 至 @LAST@ 中的一个版本，再双击本文件。
pause
exit /b 1
:start
%PY% start.py %*
if errorlevel 1 pause
