@echo off
rem The agent for people: ppe-agent check, ppe-agent enroll ppe-4216.enrolment.json
setlocal
if not defined PPE_PULSE_DATA_DIR set "PPE_PULSE_DATA_DIR=%ProgramData%\PPE-Pulse\data"
if not defined PPE_PULSE_CONFIG set "PPE_PULSE_CONFIG=%ProgramData%\PPE-Pulse\agent.yaml"
"%~dp0node.exe" --disable-sigusr1 "%~dp0launcher.mjs" %*
exit /b %errorlevel%
