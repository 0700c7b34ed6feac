/** Returns install.cmd up to its table of drivers, which calls the subroutines here. */
export function installCommands(label: string, names: readonly string[]): string {
  return `@echo off
rem Installs the drivers of this disc (${label}) that are for the Windows that runs it.
setlocal EnableExtensions DisableDelayedExpansion
set "disc=%~dp0"
set "mode=install"
set "quiet="
set "wanted="
set "image="
:options
if "%~1"=="" if not [%1]==[""] goto look
if /i "%~1"=="/?" goto usage
if /i "%~1"=="/list" goto option_list
if /i "%~1"=="/dry-run" goto option_dry_run
if /i "%~1"=="/quiet" goto option_quiet
if /i "%~1"=="/image" goto option_image
if /i "%~1"=="/driver" goto option_driver
echo Unknown option: %1
call :print_usage
exit /b 2
:option_list
set "mode=list"
shift
goto options
:option_dry_run
set "mode=dry-run"
shift
goto options
:option_image
set "image=%~2"
if not defined image goto no_drive
if "%image:~-1%"=="\\" set "image=%image:~0,-1%"
shift
shift
goto options
:option_quiet
set "quiet=yes"
shift
goto options
:option_driver
set "known="
for %%d in (${names.join(' ')}) do if /i "%%d"=="%~2" set "known=%%d"
if not defined known goto unknown_driver
set "wanted=%wanted% %known%"
shift
shift
goto options
:no_drive
echo /image needs the drive of the Windows, such as C:
exit /b 2
:unknown_driver
echo There is no such driver on this disc. It has:
echo   ${names.join(' ')}
exit /b 2
:usage
call :print_usage
exit /b 0
:print_usage
echo usage: install.cmd [/list] [/dry-run] [/quiet] [/driver NAME]... [/image DRIVE:]
echo Installs the drivers of this disc that are for this Windows; run it as administrator.
echo   /list         only show which drivers these are
echo   /dry-run      only show the commands
echo   /quiet        do not wait for a key
echo   /driver NAME  only this driver; may be repeated
echo   /image DRIVE: add them by DISM to the Windows that is installed there and does not run
echo Exit codes: 0 done, 1 something failed, 2 wrong usage, 3010 done, and Windows must restart.
exit /b 0

:look
if defined PROCESSOR_ARCHITEW6432 set "PATH=%SystemRoot%\\Sysnative;%PATH%"
if defined image goto look_image
set "arch=%PROCESSOR_ARCHITECTURE%"
if defined PROCESSOR_ARCHITEW6432 set "arch=%PROCESSOR_ARCHITEW6432%"
set "build="
for /f "tokens=2,*" %%a in ('reg query "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion" /v CurrentBuildNumber 2^>nul') do if "%%a"=="REG_SZ" set "build=%%b"
if not defined build goto unknown_windows
set "product=server"
for /f "tokens=2,*" %%a in ('reg query "HKLM\\SYSTEM\\CurrentControlSet\\Control\\ProductOptions" /v ProductType 2^>nul') do if /i "%%b"=="WinNT" set "product=workstation"
set "winpe="
reg query "HKLM\\SYSTEM\\CurrentControlSet\\Control\\MiniNT" >nul 2>nul
if not errorlevel 1 set "winpe=yes"
set "started="
for /f "tokens=2,*" %%a in ('reg query "HKLM\\SYSTEM\\CurrentControlSet\\Control" /v SystemStartOptions 2^>nul') do if "%%a"=="REG_SZ" set "started=%%b"
set "tests="
if defined started if not "%started:TESTSIGNING=%"=="%started%" set "tests=yes"
goto known
rem The Windows at /image is asked through the files of its registry: only "reg load" opens them.
:look_image
set "tests="
set "winpe="
set "build="
set "arch="
set "product=server"
if not exist "%image%\\Windows\\System32\\config\\SYSTEM" goto no_image
reg load HKLM\\pvdisc-software "%image%\\Windows\\System32\\config\\SOFTWARE" >nul
if errorlevel 1 goto not_loaded
for /f "tokens=2,*" %%a in ('reg query "HKLM\\pvdisc-software\\Microsoft\\Windows NT\\CurrentVersion" /v CurrentBuildNumber 2^>nul') do if "%%a"=="REG_SZ" set "build=%%b"
reg unload HKLM\\pvdisc-software >nul
reg load HKLM\\pvdisc-system "%image%\\Windows\\System32\\config\\SYSTEM" >nul
if errorlevel 1 goto not_loaded
set "current=1"
for /f "tokens=2,*" %%a in ('reg query HKLM\\pvdisc-system\\Select /v Current 2^>nul') do if "%%a"=="REG_DWORD" set /a current=%%b
set "current=00%current%"
set "set=HKLM\\pvdisc-system\\ControlSet%current:~-3%\\Control"
for /f "tokens=2,*" %%a in ('reg query "%set%\\ProductOptions" /v ProductType 2^>nul') do if /i "%%b"=="WinNT" set "product=workstation"
for /f "tokens=2,*" %%a in ('reg query "%set%\\Session Manager\\Environment" /v PROCESSOR_ARCHITECTURE 2^>nul') do if "%%a"=="REG_SZ" set "arch=%%b"
reg unload HKLM\\pvdisc-system >nul
if not defined build goto unknown_windows
if not defined arch goto unknown_windows
:known
echo Windows build %build%, %product%, %arch%
set "found="
set "failed="
set "missing="
set "restart="
set "do=list"
call :drivers
if not defined found goto nothing
if "%mode%"=="list" if defined missing goto incomplete
if "%mode%"=="list" exit /b 0
if defined image if %build% LSS 7600 goto too_old_image
if %build% LSS 6000 goto too_old
if "%mode%"=="dry-run" goto work
if defined quiet goto work
echo Press a key to install these drivers, or Ctrl-C to leave.
pause >nul
:work
set "do=%mode%"
call :drivers
if defined failed goto some_failed
if defined missing goto incomplete
if "%mode%"=="dry-run" exit /b 0
if defined restart goto restart
echo Done.
exit /b 0
:restart
echo Done. Restart Windows now.
exit /b 3010
:some_failed
echo Something failed. Run this as administrator; README.txt tells how the drivers are signed.
exit /b 1
:incomplete
echo This disc is not complete. Copy it again, or use the ISO itself.
exit /b 1
:nothing
if defined missing goto incomplete
echo There is nothing to install on this Windows.
exit /b 1
:too_old
echo This Windows has no pnputil: open Device Manager, and update each device from the folder shown above.
exit /b 1
:too_old_image
echo DISM adds drivers to Windows 7 and later only.
exit /b 1
:no_image
echo There is no Windows in "%image%": give the drive of one, such as C:
exit /b 1
:not_loaded
echo The registry of the Windows in "%image%" cannot be read. Run this as administrator, and not for the Windows that runs.
exit /b 1
:unknown_windows
echo The build number of this Windows is not in its registry.
exit /b 1

:driver
set "name=%~1"
set "os="
set "of="
set "skip="
if not defined wanted exit /b 0
set "skip=yes"
for %%d in (%wanted%) do if "%%d"=="%name%" set "skip="
exit /b 0

rem target FOLDER ARCHITECTURE PRODUCT FIRST-BUILD LAST-BUILD: the last one that fits is the newest; one for the same product is better.
:target
if /i not "%~2"=="%arch%" exit /b 0
if %build% LSS %~4 exit /b 0
if %build% GTR %~5 exit /b 0
if "%of%"=="%product%" if not "%~3"=="%product%" exit /b 0
set "os=%~1"
set "of=%~3"
exit /b 0

rem inf FOLDER ARCHITECTURE FILE VERSION LOADS
:inf
if defined skip exit /b 0
if not "%~1"=="%os%" exit /b 0
if /i not "%~2"=="%arch%" exit /b 0
set "file=%disc%%~3"
if not exist "%file%" goto inf_missing
if "%~5"=="never" goto inf_never
if "%~5"=="no-driver-policy" goto inf_policy
if "%~5"=="test-signing" if not defined tests goto inf_test
set "found=yes"
if "%do%"=="list" goto inf_list
if defined image goto inf_image
if defined winpe goto inf_winpe
if %build% GEQ 14393 goto inf_1607
set command=pnputil -i -a "%file%"
goto inf_run
:inf_1607
set command=pnputil /add-driver "%file%" /install
goto inf_run
:inf_image
set command=dism /image:"%image%\\\\" /add-driver /driver:"%file%"
goto inf_run
:inf_winpe
set command=drvload "%file%"
:inf_run
if "%do%"=="dry-run" goto inf_dry_run
echo %name%:
%command%
set "code=%errorlevel%"
if "%code%"=="0" exit /b 0
rem ERROR_NO_MORE_ITEMS: no device here needs it now
if "%code%"=="259" exit /b 0
if "%code%"=="3010" goto inf_restart
if "%code%"=="1641" goto inf_restart
echo %name% failed (%code%).
set "failed=yes"
exit /b 0
:inf_restart
set "restart=yes"
exit /b 0
:inf_list
echo   %name% %~4, "%~3"
exit /b 0
:inf_dry_run
echo %command%
exit /b 0
:inf_missing
if "%do%"=="list" echo   %name%: "%~3" is missing on this disc
set "missing=yes"
exit /b 0
:inf_never
if "%do%"=="list" echo   %name% %~4: left out, since this Windows never loads it
exit /b 0
:inf_policy
if "%do%"=="list" echo   %name% %~4: left out, since the driver policy of this Windows refuses it
exit /b 0
:inf_test
if "%do%"=="list" echo   %name% %~4: left out, since this Windows loads it in test-signing mode only
exit /b 0

:end
if defined skip exit /b 0
if not defined os if "%do%"=="list" echo   %name%: not made for this Windows
exit /b 0

:drivers
`;
}
