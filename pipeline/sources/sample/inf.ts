/** The service of a driver and the files that its INF copies. */
export interface InfDriver {
  /** Names of all copied files; the service's binary is `<name>.sys`. */
  readonly files: readonly string[];
  /** 12 is `system32\drivers`, 13 the driver store (Windows 10 1709 and later). */
  readonly destination: 12 | 13;
  /** 0 at boot, 3 on demand. */
  readonly startType: 0 | 3;
  readonly loadOrderGroup?: string;
}

/** Options of `buildInf`; texts are ASCII. */
export interface InfOptions {
  /** Name of the driver and of its service. */
  readonly name: string;
  readonly description: string;
  readonly vendor: string;
  /** `MM/DD/YYYY,w.x.y.z` */
  readonly driverVer: string;
  /** TargetOSVersion decorations of the models sections, such as `NTamd64.10.0...16299`. */
  readonly decorations: readonly string[];
  readonly hardwareIds: readonly string[];
  readonly catalog?: string;
  /** Absent: a null driver, which names the device and installs nothing. */
  readonly driver?: InfDriver;
}

/** Returns the INF of one driver package of class System as ASCII text with CRLF line ends. */
export function buildInf(options: InfOptions): Uint8Array {
  const { driver } = options;
  const sections = [
    versionSection(options),
    ...(driver === undefined ? [] : sourceSections(options, driver)),
    ...modelsSections(options),
    ...(driver === undefined ? nullSections(options) : installSections(options, driver)),
    stringsSection(options),
  ];
  const text = sections.map((lines) => `${lines.join('\r\n')}\r\n`).join('\r\n');
  return Buffer.from(`; ${options.name}.inf: ${options.description}\r\n\r\n${text}`, 'latin1');
}

function versionSection({ catalog, driverVer }: InfOptions): string[] {
  return [
    '[Version]',
    'Signature = "$Windows NT$"',
    'Class = System',
    'ClassGuid = {4d36e97d-e325-11ce-bfc1-08002be10318}',
    'Provider = %Vendor%',
    `DriverVer = ${driverVer}`,
    ...(catalog === undefined ? [] : [`CatalogFile = ${catalog}`]),
    'PnpLockdown = 1',
  ];
}

function sourceSections({ name }: InfOptions, { files, destination }: InfDriver): string[][] {
  return [
    ['[SourceDisksNames]', '1 = %DiskName%,,,""'],
    ['[SourceDisksFiles]', ...files.map((file) => `${file} = 1,,`)],
    ['[DestinationDirs]', `DefaultDestDir = ${destination}`, `${name}_Files = ${destination}`],
  ];
}

function modelsSections({ name, decorations, hardwareIds }: InfOptions): string[][] {
  const models = hardwareIds.map((id) => `%${name}.DeviceDesc% = ${name}_Install, ${id}`);
  return [
    ['[Manufacturer]', `%Vendor% = Models,${decorations.join(',')}`],
    ...decorations.map((decoration) => [`[Models.${decoration}]`, ...models]),
  ];
}

function nullSections({ name }: InfOptions): string[][] {
  return [[`[${name}_Install]`], [`[${name}_Install.Services]`, 'AddService = ,2']];
}

function installSections({ name }: InfOptions, driver: InfDriver): string[][] {
  const { files, destination, startType, loadOrderGroup } = driver;
  return [
    [`[${name}_Install]`, `CopyFiles = ${name}_Files`],
    [`[${name}_Files]`, ...files],
    [`[${name}_Install.Services]`, `AddService = ${name}, 2, ${name}_Service`],
    [
      `[${name}_Service]`,
      `DisplayName = %${name}.DeviceDesc%`,
      'ServiceType = 1',
      `StartType = ${startType}`,
      'ErrorControl = 1',
      `ServiceBinary = %${destination}%\\${name}.sys`,
      ...(loadOrderGroup === undefined ? [] : [`LoadOrderGroup = ${loadOrderGroup}`]),
    ],
  ];
}

function stringsSection({ name, vendor, description, driver }: InfOptions): string[] {
  return [
    '[Strings]',
    `Vendor = "${vendor}"`,
    `${name}.DeviceDesc = "${description}"`,
    ...(driver === undefined ? [] : ['DiskName = "Driver files"']),
  ];
}
