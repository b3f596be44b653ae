@echo off
rem The agent of PPE-Pulse from a flash drive, on Windows: right click, "Run as administrator".
rem A second run on the same PC updates and checks it. Arguments go to "ppe-agent enroll".
rem In the repository this file is UTF-8; deploy/stick/make.mjs writes it onto the drive in code page
rem 866 with CR LF, for cmd.exe loses its place in batch files of several bytes a character.
setlocal EnableExtensions DisableDelayedExpansion
chcp 866 >nul
set "STICK=%~dp0"
if "%STICK:~-1%"=="\" set "STICK=%STICK:~0,-1%"
set "PACKAGES=%STICK%\packages"
set "PROGRAMS=%ProgramFiles%"
if defined ProgramW6432 set "PROGRAMS=%ProgramW6432%"
set "AGENT=%PROGRAMS%\PPE-Pulse\Agent\ppe-agent.cmd"
set "DATA=%ProgramData%\PPE-Pulse\data"
set "TIMES="
set "CODE=0"
call :now
set "BEGUN=%NOW%"

rem Only an administrator writes here, also where the services of the network are off.
copy /y nul "%SystemRoot%\ppe-pulse-admin.tmp" >nul 2>&1
if not errorlevel 1 goto admin
if not "%~1"=="" goto noAdmin
rem Through the environment: a path with an apostrophe would end the quotes of the command.
set "PPE_PULSE_SELF=%~f0"
powershell -NoProfile -Command "Start-Process -FilePath $env:PPE_PULSE_SELF -ArgumentList '/elevated' -Verb RunAs" >nul 2>&1
if not errorlevel 1 exit /b 0
:noAdmin
set "CODE=77"
echo НЕ ГОТОВО: нужны права администратора.
echo Правой кнопкой по install.cmd, "Запуск от имени администратора".
goto end

:admin
del "%SystemRoot%\ppe-pulse-admin.tmp"
set "ARGUMENTS=%*"
if "%~1"=="/elevated" set "ARGUMENTS="
echo.
echo == Установка
call :now
set "FROM=%NOW%"
set "SETUP="
set "NAME="
set "COUNT=0"
rem Looked for from within: the cmd.exe of wine looks for nothing that stands in quotes.
pushd "%PACKAGES%" 2>nul || goto counted
for %%f in (ppe-pulse-agent*.exe) do (
  set "SETUP=%PACKAGES%\%%f"
  set "NAME=%%f"
  set /a COUNT+=1
)
popd
:counted
if %COUNT%==0 (
  set "CODE=66"
  echo НЕ ГОТОВО: в папке packages нет файла ppe-pulse-agent*.exe: скопируйте папку с флешки целиком.
  goto end
)
if %COUNT% gtr 1 (
  set "CODE=66"
  echo НЕ ГОТОВО: в папке packages несколько файлов ppe-pulse-agent*.exe: оставьте один, самый новый.
  goto end
)
rem By its name, ppe-pulse-agent-0.1.0-x64-setup.exe: it may be newer than the rest of the drive.
set "VERSION="
for /f "tokens=4 delims=-" %%v in ("%NAME%") do set "VERSION=%%v"
if not exist "%AGENT%" goto setup
if not defined VERSION goto setup
rem What came by installer, not what runs: an update over the line brings no newer runtime.
set "THERE="
pushd "%PROGRAMS%\PPE-Pulse\Agent\versions" 2>nul || goto setup
for /d %%d in (*) do set "THERE=%%d"
popd
if not defined THERE goto setup
set "IS_NEWER="
for /f "tokens=1-6 delims=. " %%a in ("%THERE% %VERSION%") do (
  if %%a gtr %%d set "IS_NEWER=1"
  if %%a equ %%d if %%b gtr %%e set "IS_NEWER=1"
  if %%a equ %%d if %%b equ %%e if %%c gtr %%f set "IS_NEWER=1"
)
if defined IS_NEWER (
  echo Установлена версия новее, чем на флешке: %THERE%, на флешке %VERSION%. Оставлена.
  goto installed
)
if not "%THERE%"=="%VERSION%" goto setup
echo Уже установлено: %VERSION%
goto installed
:setup
start "" /wait "%SETUP%" /S
set "CODE=%ERRORLEVEL%"
rem 4: the service that was there did not start again; enrolling anew may be what it lacks.
if %CODE%==4 set "CODE=0"
if not %CODE%==0 (
  echo НЕ ГОТОВО: установщик закончил с кодом %CODE%. Не мешает ли антивирус? Запустите install ещё раз.
  set "CODE=70"
  goto end
)
if not exist "%AGENT%" (
  set "CODE=70"
  echo НЕ ГОТОВО: установщик закончил, а программы нет. Не удалил ли её антивирус?
  goto end
)
echo Установлено
:installed
call :done Установка

echo.
echo == Регистрация
call :now
set "FROM=%NOW%"
call "%AGENT%" enroll "%STICK%\." %ARGUMENTS%
set "CODE=%ERRORLEVEL%"
call :done Регистрация
if %CODE%==0 goto enrolled
rem 1 means at the end that the PC is ready but for some remarks: this one is not.
if %CODE%==1 set "CODE=76"
if %CODE%==75 echo НЕ ГОТОВО: регистрация ждёт ответа из Штаба, см. выше, потом запустите install ещё раз.
if %CODE%==64 echo НЕ ГОТОВО: не указано место этого ПК, см. выше.
if not %CODE%==75 if not %CODE%==64 echo НЕ ГОТОВО: ПК не зарегистрирован, причина выше.
goto end

:enrolled
echo.
echo == Запуск
call :now
set "FROM=%NOW%"
rem Started anew, so that it takes the place that it was given.
call "%AGENT%" service stop >nul 2>&1
call "%AGENT%" service start
if errorlevel 1 (
  set "CODE=71"
  echo НЕ ГОТОВО: служба не запустилась, причина выше и в журнале событий Windows, раздел "Приложение".
  goto end
)
call :done Запуск

if not exist "%STICK%\*.enrolment-request.json" goto check
find """role"":""hq""" "%DATA%\placement.json" >nul 2>&1
if errorlevel 1 goto check
echo.
echo == Запросы с флешки
call "%AGENT%" import "%STICK%\."

:check
echo.
echo == Проверка
call :now
set "FROM=%NOW%"
call "%AGENT%" check --wait 45 --sheet "%STICK%\."
set "CODE=%ERRORLEVEL%"
if %CODE%==78 (
  echo Лист готовности не записан, причина выше. Проверка без него:
  call "%AGENT%" check
)
if %CODE%==78 set "CODE=%ERRORLEVEL%"
call :done Проверка
echo.
if %CODE%==0 echo ГОТОВО. Можно вынимать флешку и идти к следующему ПК.
if %CODE%==1 echo ГОТОВО, есть замечания: строки [ !! ] выше. Устраните их до репетиции.
if %CODE%==2 echo НЕ ГОТОВО: строки [FAIL] выше. Устраните и запустите install ещё раз.
if %CODE%==3 echo НЕ ВСЁ ПРОВЕРЕНО: строки [ ?? ] выше. Подождите минуту и запустите install ещё раз.

:end
call :now
if not defined NOW goto last
set /a TOTAL=NOW-BEGUN
if %TOTAL% lss 0 set /a TOTAL+=86400
echo Время по шагам (норма: не больше 300 с на ПК): %TIMES%всего %TOTAL% с
:last
if not defined PPE_PULSE_NO_PAUSE pause
exit /b %CODE%

rem Seconds of the day, whatever the country writes between them; nothing where it writes no seconds.
:now
set "CLOCK=%time: =0%"
set "NOW="
for /f "tokens=1-3 delims=:,." %%a in ("%CLOCK%") do if not "%%c"=="" set /a NOW=(1%%a-100)*3600+(1%%b-100)*60+(1%%c-100)
exit /b 0

:done
call :now
if not defined NOW exit /b 0
set /a TOOK=NOW-FROM
if %TOOK% lss 0 set /a TOOK+=86400
set "TIMES=%TIMES%%1 %TOOK% с, "
exit /b 0
