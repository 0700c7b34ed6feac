/** A driver that loads and unloads, and does nothing. */
export const driverSource = `#include <ddk/wdm.h>
static void WINAPI unload(PDRIVER_OBJECT driver) { (void)driver; }
NTSTATUS WINAPI DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  (void)path;
  driver->DriverUnload = unload;
  return STATUS_SUCCESS;
}
`;

/** How mingw links a driver. */
export const driverOptions = [
  '-shared',
  '-nostdlib',
  '-Wl,--subsystem,native',
  '-Wl,--entry,DriverEntry',
  '-lntoskrnl',
];

/** The libraries of `checkerSource`. */
export const checkerOptions = ['-lsetupapi', '-lnewdev', '-lwintrust', '-lcrypt32'];

/**
 * A program for Windows with one action: `open INF`, `copy INF` (to the driver store), `device INF ID` (makes a device and installs its driver),
 * `add STORE CERTIFICATE` (DER), `trust FILE` (the verdict of WinVerifyTrust, and the status of the chain of the signer).
 */
export const checkerSource = `#include <windows.h>
#include <setupapi.h>
#include <newdev.h>
#include <wintrust.h>
#include <softpub.h>
#include <stdio.h>
#include <string.h>

static void openInf(const char *inf) {
  UINT line = 0;
  printf(SetupOpenInfFileA(inf, NULL, INF_STYLE_WIN4, &line) == INVALID_HANDLE_VALUE ? "refused\\n" : "opened\\n");
}

static void copyInf(const char *inf) {
  BOOL done = SetupCopyOEMInfA(inf, NULL, SPOST_PATH, 0, NULL, 0, NULL, NULL);
  printf(done ? "copied\\n" : "refused\\n");
}

static void installDevice(const char *inf, const char *id) {
  GUID setupClass;
  char name[64], ids[128] = {0};
  BOOL restart = FALSE;
  SP_DEVINFO_DATA data = {sizeof data};
  strcpy(ids, id);
  SetupDiGetINFClassA(inf, &setupClass, name, sizeof name, NULL);
  HDEVINFO set = SetupDiCreateDeviceInfoList(&setupClass, NULL);
  BOOL done = SetupDiCreateDeviceInfoA(set, name, &setupClass, NULL, NULL, DICD_GENERATE_ID, &data) &&
    SetupDiSetDeviceRegistryPropertyA(set, &data, SPDRP_HARDWAREID, (BYTE *)ids, strlen(id) + 2) &&
    SetupDiCallClassInstaller(DIF_REGISTERDEVICE, set, &data) &&
    UpdateDriverForPlugAndPlayDevicesA(NULL, id, inf, INSTALLFLAG_FORCE, &restart);
  printf(done ? "installed\\n" : "refused\\n");
}

static void addCertificate(const char *store, const char *path) {
  BYTE der[8192];
  FILE *file = fopen(path, "rb");
  DWORD size = fread(der, 1, sizeof der, file);
  HCERTSTORE opened = CertOpenStore(CERT_STORE_PROV_SYSTEM_A, 0, 0, CERT_SYSTEM_STORE_LOCAL_MACHINE, store);
  BOOL done = CertAddEncodedCertificateToStore(opened, X509_ASN_ENCODING, der, size, CERT_STORE_ADD_ALWAYS, NULL);
  CertCloseStore(opened, 0);
  printf(done ? "added\\n" : "refused\\n");
}

static void verdict(const char *path) {
  GUID action = WINTRUST_ACTION_GENERIC_VERIFY_V2;
  WCHAR file[MAX_PATH];
  MultiByteToWideChar(CP_ACP, 0, path, -1, file, MAX_PATH);
  WINTRUST_FILE_INFO info = {sizeof info};
  WINTRUST_DATA data = {sizeof data};
  info.pcwszFilePath = file;
  data.dwUIChoice = WTD_UI_NONE;
  data.dwUnionChoice = WTD_CHOICE_FILE;
  data.dwStateAction = WTD_STATEACTION_VERIFY;
  data.pFile = &info;
  LONG code = WinVerifyTrust(NULL, &action, &data);
  CRYPT_PROVIDER_DATA *provider = WTHelperProvDataFromStateData(data.hWVTStateData);
  CRYPT_PROVIDER_SGNR *signer = provider ? WTHelperGetProvSignerFromChain(provider, 0, FALSE, 0) : NULL;
  DWORD chain = signer && signer->pChainContext ? signer->pChainContext->TrustStatus.dwErrorStatus : 0;
  printf("%08lx %lx\\n", code, chain);
}

int main(int argc, char **argv) {
  (void)argc;
  if (!strcmp(argv[1], "open")) openInf(argv[2]);
  else if (!strcmp(argv[1], "copy")) copyInf(argv[2]);
  else if (!strcmp(argv[1], "device")) installDevice(argv[2], argv[3]);
  else if (!strcmp(argv[1], "add")) addCertificate(argv[2], argv[3]);
  else verdict(argv[2]);
  return 0;
}
`;
