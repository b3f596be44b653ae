; The installer for Windows: silent for mass install, `/S /ENROLL="file" /ROOM=0012`, the same file upgrades.
; Exit codes: 0 done, 2 not installed, 3 not enrolled, 4 the service did not start. What was said is in
; %ProgramData%\PPE-Pulse\install.log.
!ifndef ARCHITECTURE
  !define ARCHITECTURE amd64
!endif
Target ${ARCHITECTURE}-unicode
Unicode true
ManifestDPIAware true
ManifestSupportedOS all
RequestExecutionLevel admin
SetCompressor /SOLID ${COMPRESSOR}
!if ${COMPRESSOR} == lzma
  SetCompressorDictSize 64
!endif
; Dates of the build would make each build another one.
SetDateSave off

!include LogicLib.nsh
!include FileFunc.nsh
!include MUI2.nsh

Name "ППЭ·Пульс агент"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\PPE-Pulse\Agent"
InstallDirRegKey HKLM "Software\PPE-Pulse\Agent" "InstallDir"
BrandingText "ППЭ·Пульс ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "PPE-Pulse agent"
VIAddVersionKey "FileDescription" "PPE-Pulse agent, installer"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "Apache-2.0"

!define REMOVAL "Software\Microsoft\Windows\CurrentVersion\Uninstall\PpePulseAgent"

!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Russian"
!insertmacro MUI_LANGUAGE "English"

Var data
Var options
Var file
Var value
Var enrol

; Runs the agent without a console window; its words go to the log. Answers its exit code in $0.
!macro agent ARGUMENTS
  nsExec::Exec '"$SYSDIR\cmd.exe" /d /s /c ""$INSTDIR\node.exe" "$INSTDIR\launcher.mjs" ${ARGUMENTS} --config "$data\agent.yaml" >>"$data\install.log" 2>&1"'
  Pop $0
!macroend

; An option of `enroll` that was given to the installer.
!macro passed NAME FLAG
  ClearErrors
  ${GetOptions} $options "/${NAME}=" $value
  ${IfNot} ${Errors}
    StrCpy $enrol '$enrol ${FLAG} "$value"'
  ${EndIf}
!macroend

Function .onInit
  SetShellVarContext all
  StrCpy $data "$APPDATA\PPE-Pulse"
  ${GetParameters} $options
FunctionEnd

Section
  SetErrorLevel 2
  CreateDirectory "$data"
  ; An upgrade: the runtime is in use until the old service has said goodbye.
  ${If} ${FileExists} "$INSTDIR\launcher.mjs"
    !insertmacro agent "service stop"
    RMDir /r "$INSTDIR\versions"
    RMDir /r "$INSTDIR\page"
  ${EndIf}
  SetOutPath "$INSTDIR"
  File /r "${TREE}/*"
  ${IfNot} ${FileExists} "$data\agent.yaml"
    SetOutPath "$data"
    File "${SETTINGS}"
  ${EndIf}
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKLM "Software\PPE-Pulse\Agent" "InstallDir" "$INSTDIR"
  WriteRegStr HKLM "${REMOVAL}" "DisplayName" "ППЭ·Пульс агент"
  WriteRegStr HKLM "${REMOVAL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${REMOVAL}" "Publisher" "PPE-Pulse"
  WriteRegStr HKLM "${REMOVAL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${REMOVAL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${REMOVAL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${REMOVAL}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKLM "${REMOVAL}" "NoModify" 1
  WriteRegDWORD HKLM "${REMOVAL}" "NoRepair" 1

  !insertmacro agent "service install"
  ${If} $0 != 0
    SetErrorLevel 4
    DetailPrint "service install: $0"
    Return
  ${EndIf}
  SetErrorLevel 0

  ClearErrors
  ${GetOptions} $options "/ENROLL=" $file
  ${IfNot} ${Errors}
    StrCpy $enrol 'enroll "$file"'
    !insertmacro passed ROOM --room
    !insertmacro passed ROLE --role
    !insertmacro passed DUTY --duty
    !insertmacro passed NUMBER --number
    !insertmacro passed THROUGH --through
    !insertmacro agent "$enrol"
    ${If} $0 != 0
      SetErrorLevel 3
      DetailPrint "enroll: $0"
      Return
    ${EndIf}
  ${EndIf}

  ; Whoever is not enrolled yet has nobody to talk to: the service starts with the enrolment or the next boot.
  ${If} ${FileExists} "$data\data\enrolment.json"
    !insertmacro agent "service start"
    ${If} $0 != 0
      SetErrorLevel 4
      DetailPrint "service start: $0"
    ${EndIf}
  ${EndIf}
SectionEnd

Function un.onInit
  SetShellVarContext all
  StrCpy $data "$APPDATA\PPE-Pulse"
FunctionEnd

Section "Uninstall"
  !insertmacro agent "service stop"
  !insertmacro agent "service uninstall"
  ; By name: a folder that somebody chose may hold more than this.
  Delete "$INSTDIR\node.exe"
  Delete "$INSTDIR\koffi.node"
  Delete "$INSTDIR\launcher.mjs"
  Delete "$INSTDIR\logged.mjs"
  Delete "$INSTDIR\update-root.json"
  Delete "$INSTDIR\ppe-agent.cmd"
  Delete "$INSTDIR\agent.example.yaml"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\LICENSE-node.txt"
  Delete "$INSTDIR\THIRD-PARTY.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir /r "$INSTDIR\versions"
  RMDir /r "$INSTDIR\page"
  SetOutPath "$TEMP"
  RMDir "$INSTDIR"
  ; The folder above was made with this one; it goes where nothing else is in it.
  RMDir "$INSTDIR\.."
  RMDir /r "$data"
  DeleteRegKey HKLM "${REMOVAL}"
  DeleteRegKey HKLM "Software\PPE-Pulse\Agent"
  DeleteRegKey /ifempty HKLM "Software\PPE-Pulse"
SectionEnd
