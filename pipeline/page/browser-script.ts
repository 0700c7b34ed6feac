// Written by scripts/write-page-script.mjs from browser/; change it there.
export const browserScript = `"use strict";
(() => {
  // pipeline/formats/windows/guest-device.ts
  function pciDevice(vendor, id, facts) {
    return { id: \`PCI\\\\VEN_\${vendor}&DEV_\${id}\`, ...facts };
  }

  // pipeline/formats/windows/virtio-devices.ts
  var virtioTypes = {
    1: { name: "network device", drivers: ["NetKVM"], classes: ["Net"], transitional: 4096 },
    2: { name: "block device", drivers: ["viostor"], classes: ["SCSIAdapter", "HDC"], transitional: 4097 },
    3: { name: "console", drivers: ["vioserial"], transitional: 4099 },
    4: { name: "entropy source", drivers: ["viorng"], transitional: 4101 },
    5: { name: "memory balloon", drivers: ["Balloon"], transitional: 4098 },
    6: { name: "ioMemory" },
    7: { name: "rpmsg" },
    8: { name: "SCSI host", drivers: ["vioscsi"], classes: ["SCSIAdapter", "HDC"], transitional: 4100 },
    9: { name: "9P transport", transitional: 4105 },
    10: { name: "mac80211 wlan" },
    11: { name: "rproc serial" },
    12: { name: "CAIF" },
    13: { name: "memory balloon (second version)" },
    16: { name: "GPU", drivers: ["viogpudo"], classes: ["Display"] },
    17: { name: "real-time clock" },
    18: { name: "input device", drivers: ["vioinput"], classes: ["HIDClass", "Keyboard", "Mouse"] },
    // QEMU's device has the transitional ID 1012 by mistake, which it keeps (docs/specs/pci-ids.rst).
    19: { name: "socket device", drivers: ["viosock"], transitional: 4114 },
    20: { name: "crypto device (driver only in upstream builds)", drivers: ["viocrypt"] },
    21: { name: "signal distribution module" },
    22: { name: "pstore device" },
    23: { name: "IOMMU" },
    24: { name: "memory device", drivers: ["viomem"] },
    25: { name: "sound device", classes: ["Media"] },
    26: { name: "file system", drivers: ["viofs"] },
    27: { name: "persistent memory" },
    28: { name: "RPMB device" },
    29: { name: "mac80211 hwsim" },
    30: { name: "video encoder" },
    31: { name: "video decoder" },
    32: { name: "SCMI device" },
    33: { name: "Nitro secure module" },
    34: { name: "I2C adapter" },
    35: { name: "watchdog" },
    36: { name: "CAN device" },
    37: { name: "dmabuf" },
    38: { name: "parameter server" },
    39: { name: "audio policy device" },
    40: { name: "Bluetooth device" },
    41: { name: "GPIO device" },
    42: { name: "RDMA device" },
    43: { name: "camera" },
    44: { name: "ISM device" },
    45: { name: "SPI controller" },
    46: { name: "TEE device" },
    47: { name: "CPU balloon" },
    48: { name: "media device" },
    49: { name: "USB controller" }
  };
  var modernOffset = 4160;
  var pciBridge = { drivers: [], inbox: "since Windows 2000" };
  var qemuDevices = [
    // kvm-guest-drivers-windows has the driver; virtio-win's disc has only what Red Hat distributes (its issue 217).
    pciDevice("1AF4", "1110", {
      name: "inter-VM shared memory (driver only in upstream builds)",
      kind: "ivshmem",
      drivers: ["ivshmem"]
    }),
    pciDevice("1B36", "0001", { name: "QEMU PCI bridge", kind: "bridge", ...pciBridge }),
    pciDevice("1B36", "0002", { name: "QEMU serial port", kind: "serial", drivers: ["qemupciserial"] }),
    pciDevice("1B36", "0003", {
      name: "QEMU serial card, 2 ports",
      kind: "serial",
      drivers: ["qemupciserial"]
    }),
    pciDevice("1B36", "0004", {
      name: "QEMU serial card, 4 ports",
      kind: "serial",
      drivers: ["qemupciserial"]
    }),
    pciDevice("1B36", "0005", { name: "QEMU PCI test device", kind: "test", drivers: [] }),
    pciDevice("1B36", "0006", { name: "QEMU Rocker switch", kind: "rocker", drivers: [] }),
    pciDevice("1B36", "0007", {
      name: "QEMU SD host controller",
      kind: "sdhci",
      drivers: [],
      inbox: "since Windows Vista"
    }),
    pciDevice("1B36", "0008", { name: "QEMU PCIe host bridge", kind: "bridge", ...pciBridge }),
    pciDevice("1B36", "0009", { name: "QEMU PCI expander bridge", kind: "bridge", ...pciBridge }),
    pciDevice("1B36", "000A", { name: "QEMU PCI bridge (multiseat)", kind: "bridge", ...pciBridge }),
    pciDevice("1B36", "000B", { name: "QEMU PCIe expander bridge", kind: "bridge", ...pciBridge }),
    pciDevice("1B36", "000C", { name: "QEMU PCIe root port", kind: "bridge", ...pciBridge }),
    pciDevice("1B36", "000D", {
      name: "QEMU xHCI USB controller",
      kind: "xhci",
      drivers: [],
      inbox: "since Windows 8"
    }),
    pciDevice("1B36", "000E", { name: "QEMU PCIe-to-PCI bridge", kind: "bridge", ...pciBridge }),
    pciDevice("1B36", "000F", { name: "mdpy sample display", kind: "mdpy", drivers: [] }),
    pciDevice("1B36", "0010", {
      name: "QEMU NVMe controller",
      kind: "nvme",
      drivers: [],
      inbox: "since Windows 8.1"
    }),
    pciDevice("1B36", "0011", { name: "QEMU pvpanic device", kind: "pvpanic", drivers: ["pvpanic"] }),
    pciDevice("1B36", "0012", { name: "QEMU ACPI ERST device", kind: "erst", drivers: [] }),
    pciDevice("1B36", "0013", {
      name: "QEMU UFS controller",
      kind: "ufs",
      drivers: [],
      inbox: "since Windows 10"
    }),
    pciDevice("1B36", "0014", { name: "QEMU RISC-V IOMMU", kind: "riscv-iommu", drivers: [] }),
    pciDevice("1B36", "0100", {
      name: "QXL display",
      kind: "qxl",
      drivers: ["qxl", "qxldod"],
      classes: ["Display"]
    }),
    pciDevice("1234", "1111", {
      name: "QEMU standard VGA",
      kind: "vga",
      drivers: [],
      inbox: "since Windows 2000"
    }),
    pciDevice("8086", "2930", {
      name: "SMBus controller of the machine q35",
      kind: "smbus",
      drivers: ["smbus"]
    }),
    { id: "ACPI\\\\QEMU0001", name: "QEMU pvpanic device", kind: "pvpanic", drivers: ["pvpanic"] },
    {
      id: "ACPI\\\\QEMU0002",
      name: "QEMU firmware configuration",
      kind: "fw_cfg",
      drivers: ["fwcfg", "qemufwcfg"]
    },
    vmGenerationId("ACPI\\\\QEMUVGID"),
    vmGenerationId("ACPI\\\\VMGENCTR"),
    vmGenerationId("ACPI\\\\VM_GEN_COUNTER"),
    { id: "ACPI\\\\LNRO0005", name: "virtio device without PCI (virtio-mmio)", kind: "virtio-mmio", drivers: [] },
    {
      id: "VIOINPUT\\\\REV_01",
      name: "HID child of the virtio input device",
      kind: "input-child",
      drivers: ["vioinput"],
      classes: ["HIDClass"]
    },
    {
      id: "HTREE\\\\ROOT",
      name: "root of the device tree",
      kind: "root",
      drivers: [],
      inbox: "in every version"
    },
    { id: "VIOPROT", name: "protocol of virtio-win for SR-IOV failover", kind: "protocol", drivers: ["sriov"] }
  ];
  var virtioDevices = [
    ...Object.entries(virtioTypes).flatMap(([type, facts]) => devicesOfType(Number(type), facts)),
    ...qemuDevices
  ];
  function devicesOfType(type, { name, drivers = [], classes, transitional }) {
    const common = { kind: \`virtio-\${type}\`, drivers, ...classes !== void 0 && { classes } };
    const modern = pciDevice("1AF4", hex(modernOffset + type), { ...common, name: \`virtio \${name}\` });
    if (transitional === void 0) return [modern];
    const subsystem = hex(type);
    return [
      pciDevice("1AF4", hex(transitional), { ...common, name: \`virtio \${name} (transitional)\`, subsystem }),
      modern
    ];
  }
  function vmGenerationId(id) {
    return { id, name: "VM generation ID", kind: "vmgenid", drivers: [], inbox: "since Windows 8" };
  }
  function hex(value) {
    return value.toString(16).toUpperCase().padStart(4, "0");
  }

  // pipeline/formats/windows/xen-devices.ts
  var platform = { kind: "xen-platform", drivers: ["xenbus"] };
  var xenDevices = [
    pciDevice("5853", "0001", { name: "Xen platform device", ...platform }),
    pciDevice("5853", "0002", { name: "Xen platform device (XenServer)", ...platform }),
    pciDevice("5853", "C000", { name: "Xen platform device of XenServer, for Windows Update", ...platform }),
    pciDevice("5853", "C200", { name: "Xen platform device of XCP-ng, for Windows Update", ...platform }),
    child("XENBUS", "VBD", "Xen block devices", "xenvbd", ["SCSIAdapter", "HDC"]),
    child("XENBUS", "VIF", "Xen network bus", "xenvif"),
    child("XENBUS", "IFACE", "Xen agent interface", "xeniface"),
    child("XENBUS", "CONS", "Xen console", "xencons"),
    child("XENBUS", "VKBD", "Xen keyboard and pointer bus", "xenvkbd"),
    child("XENVIF", "NET", "Xen network device", "xennet", ["Net"]),
    child("XENVKBD", "HID", "Xen keyboard and pointer", "xenhid", ["HIDClass"])
  ];
  function child(bus, device2, name, driver2, classes) {
    const kind = \`xen-\${device2.toLowerCase()}\`;
    return { id: \`\${bus}\\\\DEV_\${device2}\`, name, kind, drivers: [driver2], ...classes && { classes } };
  }

  // pipeline/formats/windows/guest-devices.ts
  var guestDevices = [...virtioDevices, ...xenDevices];

  // pipeline/formats/windows/hardware-id.ts
  var details = /* @__PURE__ */ new Set(["SUBSYS", "REV", "CC"]);
  function parseHardwareId(text) {
    const upper = text.trim().toUpperCase();
    const acpi = /^ACPI\\\\VEN_([^&\\\\]+)&DEV_([^&\\\\]+)/.exec(upper) ?? /^\\*()([A-Z0-9_]+)$/.exec(upper);
    const plain = acpi === null ? upper : \`ACPI\\\\\${acpi[1]}\${acpi[2]}\`;
    const slash = plain.indexOf("\\\\");
    const bus = plain.slice(0, Math.max(slash, 0));
    return {
      text: plain,
      bus,
      parts: new Map(
        plain.slice(slash + 1).split("&").map(splitPart)
      )
    };
  }
  function splitPart(part) {
    const at = part.indexOf("_");
    return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
  }
  function matchHardwareId(device2, offered2) {
    if (device2.bus !== offered2.bus) return void 0;
    const missing = [];
    let isNear = false;
    for (const [key, value] of offered2.parts) {
      const own = device2.parts.get(key);
      if (own === void 0 || key === "CC" && own !== value && value.startsWith(own)) missing.push(key);
      else if (own !== value && !(key === "CC" && own.startsWith(value))) {
        if (key !== "SUBSYS" && key !== "REV") return void 0;
        isNear = true;
      }
    }
    const isSameDevice2 = device2.parts.has("DEV") && offered2.parts.has("DEV");
    if (isNear) return isSameDevice2 ? "near" : void 0;
    if (missing.length === 0) return "full";
    const isDetail = isSameDevice2 && missing.every((key) => details.has(key));
    const isGeneral = [...device2.parts.keys()].every((key) => offered2.parts.has(key));
    return isDetail || isGeneral ? "partial" : void 0;
  }

  // pipeline/formats/windows/device-query.ts
  function readDevices(text, isOffered = () => false) {
    const devices = [];
    const isBareId = (word) => devicesById.has(word) || isOffered(word);
    for (const id of normalised(text).split(/[\\r\\n]+/).flatMap((line) => idsOfLine(line, isBareId))) {
      const at = devices.findIndex((device2) => isSameDevice(device2, id));
      const known = devices[at];
      if (known === void 0) devices.push(id);
      else devices[at] = united(known, id);
    }
    return devices;
  }
  function normalised(text) {
    return text.replace(/&amp;/gi, "&").replace(/\\p{Cf}/gu, "").replace(/[‘-‟«»]|[^\\S\\r\\n]+/g, " ").replace(separatorOfBus, "$1\\\\").replace(/(_[0-9A-Z]+) ?& ?(?=[A-Z]{2,}_[0-9A-Z])/gi, "$1&");
  }
  var separatorOfBus = /\\b(PCI|ACPI|USB|HID|HDAUDIO|ROOT|VIOINPUT|XEN[A-Z]*) ?[\\\\/]+ ?(?=[A-Z]{2,}_[0-9A-Z]|[A-Z]{3,4}[0-9A-F]{4})/gi;
  function lostBackslash(text) {
    return /^\\s*(?:PCIVEN_|USBVID_|ACPIQEMU|ACPIVEN_|HIDVID_)/i.test(normalised(text));
  }
  function knownDevice(id) {
    const { bus, parts: parts2 } = id;
    const [vendor, device2] = ["VEN", "DEV"].map((key) => parts2.get(key) ?? "");
    if (bus === "PCI") return devicesById.get(\`PCI\\\\VEN_\${vendor}&DEV_\${device2}\`);
    return devicesById.get(id.text) ?? devicesById.get(\`\${bus}\\\\DEV_\${device2}\`);
  }
  var devicesById = new Map(guestDevices.map((device2) => [device2.id, device2]));
  function idsOfLine(line, isBareId) {
    if (/^\\s*subsystem:/i.test(line)) return [];
    const listed = pciAndUsbIds(line);
    if (listed.length > 0) return listed;
    const words = line.split(/[\\s,;"'\`{}<>=()]+/).map((word) => word.replace(/(?<![.:!?])[.:!?]+$/, "")).filter((word) => /[0-9a-z]/i.test(word));
    const ids = words.filter(
      (word) => looksLikeId(word) || words.length === 1 && isBareId(word.toUpperCase())
    );
    return ids.filter((word) => !lostBackslash(word)).map((word) => parseHardwareId(withoutInstance(word)));
  }
  function pciAndUsbIds(line) {
    const pair = /([0-9a-f]{4}):([0-9a-f]{4})/.source;
    const usb = new RegExp(String.raw\`\\bID \${pair}(?=\\s|$)\`, "i").exec(line);
    if (usb !== null) return [parseHardwareId(\`USB\\\\VID_\${usb[1]}&PID_\${usb[2]}\`)];
    const found = [
      ...line.matchAll(new RegExp(String.raw\`(?:\\[\${pair}\\]|(?<=^|[\\s"'])\${pair}(?=$|[\\s"',]))\`, "gi"))
    ];
    const [, vendor = found.at(-1)?.[3], device2 = found.at(-1)?.[4]] = found.at(-1) ?? [];
    if (vendor === void 0 || device2 === void 0) return [];
    const [, revision] = /\\(rev ([0-9a-f]{2})\\)/i.exec(line) ?? [];
    return [
      parseHardwareId(\`PCI\\\\VEN_\${vendor}&DEV_\${device2}\${revision === void 0 ? "" : \`&REV_\${revision}\`}\`)
    ];
  }
  function looksLikeId(word) {
    return /^[^\\\\:]+\\\\[^\\\\]/.test(word) || /^(?:VEN|DEV)_[0-9a-f]/i.test(word) || /^\\*?[a-z]{3,4}[0-9a-f]{4}$/i.test(word);
  }
  var buses = /^(PCI|ACPI|USB|HID|HDAUDIO|HTREE|ROOT|VIOINPUT|XEN[A-Z]*)\\\\([^\\\\/]+)/i;
  function withoutInstance(word) {
    if (/^(?:VEN|DEV)_/i.test(word)) return \`PCI\\\\\${word}\`;
    if (/^[a-z]{4}[0-9a-f]{4}$/i.test(word)) return \`ACPI\\\\\${word}\`;
    const [, bus, id] = buses.exec(word) ?? [];
    return bus === void 0 ? word : \`\${bus}\\\\\${id}\`;
  }
  function isSameDevice(one, other) {
    if (one.bus !== other.bus) return false;
    if (one.bus !== "PCI") return one.text === other.text;
    return [...one.parts].every(([key, value]) => {
      const second = other.parts.get(key) ?? value;
      return second === value || key === "CC" && (second.startsWith(value) || value.startsWith(second));
    });
  }
  function united(one, other) {
    const [long, short] = other.parts.size > one.parts.size ? [other, one] : [one, other];
    const parts2 = new Map(short.parts);
    for (const [key, value] of long.parts) {
      const before = parts2.get(key) ?? "";
      parts2.set(key, value.length >= before.length ? value : before);
    }
    return { ...long, parts: parts2 };
  }

  // pipeline/core/order.ts
  function byCodeUnit(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
  }

  // pipeline/core/text.ts
  function plural(count, one, many = \`\${one}s\`) {
    return \`\${count} \${count === 1 ? one : many}\`;
  }

  // pipeline/page/newest.ts
  function newestOf(cells) {
    const [newest] = [...cells].sort(
      (one, other) => byCodeUnit(other.date, one.date) || compareVersions(other.version, one.version)
    );
    return newest;
  }
  function versionsText(cells) {
    const others = new Set(cells.flatMap(({ version }) => version || [])).size - 1;
    return \`\${newestOf(cells)?.version ?? ""}\${others > 0 ? \` and \${plural(others, "other")}\` : ""}\`;
  }
  function compareVersions(one, other) {
    const [left, right] = [numbers(one), numbers(other)];
    const at = left.findIndex((number, index) => number !== (right[index] ?? -1));
    return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
  }
  function numbers(version) {
    return version.split(".").map((part) => /^\\d+$/.test(part) ? Number(part) : -1);
  }

  // pipeline/page/browser/page.ts
  var data = JSON.parse(byId("data", HTMLElement).textContent ?? "");
  var offered = data.ids.map(parseHardwareId);
  var form = byId("filters", HTMLFormElement);
  var device = byId("device", HTMLTextAreaElement);
  var [windows, arch, state, driver] = ["windows", "arch", "state", "driver"].map(
    (id) => byId(id, HTMLSelectElement)
  );
  var parts = [...document.querySelectorAll("[data-p]")].map((part) => ({
    part,
    cells: (part.dataset.p ?? "").split(" ").filter(Boolean).map(Number)
  }));
  var columns = [...document.querySelectorAll("[data-os]")];
  var all = [...data.cells.keys()];
  function show() {
    const devices = readDevices(device.value, (id) => data.ids.includes(id));
    const asked = device.value.trim() !== "";
    const fits = new Set(offered.flatMap((id, at) => devices.some((one) => isServed(one, id)) ? [at] : []));
    const shown = new Set(
      all.filter((at) => {
        const cell = data.cells[at];
        return cell !== void 0 && isChosen(cell) && (!asked || cell.ids.some((id) => fits.has(id)));
      })
    );
    for (const { part, cells } of parts) {
      part.hidden = !cells.some((at) => shown.has(at));
      if (part.matches(".matrix tr"))
        showVersions(
          part,
          cells.filter((at) => shown.has(at)).flatMap((at) => data.cells[at] ?? [])
        );
      if (part.matches(".target")) part.toggleAttribute("open", windows.value !== "" && !part.hidden);
      if (part.matches(".driver") && asked) part.toggleAttribute("open", !part.hidden);
    }
    const systems = new Set([...shown].map((at) => data.cells[at]?.os));
    for (const column of columns) column.hidden = !systems.has(column.dataset.os);
    const packages = data.cells.filter(({ state: state2 }) => state2 !== "missing").length;
    const count = [...shown].filter((at) => data.cells[at]?.state !== "missing").length;
    byId("shown", HTMLOutputElement).value = count === packages ? \`\${packages} driver packages\` : \`\${count} of \${packages} driver packages\`;
    byId("answer", HTMLElement).replaceChildren(...asked ? answers(devices) : []);
  }
  function showVersions(row, cells) {
    row.querySelector(".versions-of")?.replaceChildren(versionsText(cells));
    row.querySelector(".date-of")?.replaceChildren(newestOf(cells)?.date ?? "");
  }
  function isChosen(cell) {
    return [windows, arch, state, driver].every(
      ({ value }, at) => value === "" || value === [cell.os, cell.arch, cell.state, cell.driver][at]
    );
  }
  function isServed(one, id) {
    const match = matchHardwareId(one, id);
    return match === "full" || match === "partial";
  }
  function answers(devices) {
    if (devices.length === 0)
      return [
        paragraph(
          lostBackslash(device.value) ? "The ID has lost its backslash, and what follows the first & may be missing." : "No hardware ID in this text. Device Manager shows it under Details, Hardware Ids."
        )
      ];
    return devices.map((one) => {
      const fits = new Set(offered.flatMap((id, at) => isServed(one, id) ? [at] : []));
      const drivers = [
        ...new Set(data.cells.filter(({ ids }) => ids.some((id) => fits.has(id))).map((cell) => cell.driver))
      ];
      const known = knownDevice(one);
      const near = data.ids.filter((_, at) => {
        const id = offered[at];
        return id !== void 0 && matchHardwareId(one, id) === "near";
      });
      const inbox = known?.inbox === void 0 ? "" : \` \${known.inbox}.\`;
      const found = drivers.length > 0 ? \`driver \${drivers.join(", ")}.\` : \`no driver in this release\${near.length > 0 ? \`, only for \${near.join(", ")}\` : ""}.\`;
      return paragraph(
        \`\${one.text}\${known === void 0 ? "" : \` (\${known.name})\`}: \${found}\${drivers.length > 0 ? "" : inbox}\`
      );
    });
  }
  function paragraph(text) {
    const made = document.createElement("p");
    made.textContent = text;
    return made;
  }
  function openTarget() {
    let part = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("details");
    while (part) {
      part.open = true;
      part = part.parentElement?.closest("details");
    }
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  }
  var openedForPrint = [];
  function openAll() {
    openedForPrint = [...document.querySelectorAll("details:not([open])")];
    for (const part of openedForPrint) part.open = true;
  }
  function closeAgain() {
    for (const part of openedForPrint) part.open = false;
  }
  function byId(id, kind) {
    const found = document.getElementById(id);
    if (found instanceof kind) return found;
    throw new Error(\`the page has no \${id}\`);
  }
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("reset", () => setTimeout(show));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", openTarget);
  addEventListener("beforeprint", openAll);
  addEventListener("afterprint", closeAgain);
  if (location.hash !== "") openTarget();
})();
`;
