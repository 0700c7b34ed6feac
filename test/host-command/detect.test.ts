import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { makeHost, shells } from './host.ts';

const module = { 'proc/modules': 'irqbypass 16384 1 kvm, Live 0x0\nkvm 1142784 1 kvm_amd, Live 0x0\n' };
const dev = { 'dev/kvm': '' };
const cpu = (flags: string) => ({ 'proc/cpuinfo': `processor\t: 0\nflags\t\t: ${flags}\nbugs\t\t:\n` });
const xen = { 'sys/hypervisor/type': 'xen\n' };
const dom0 = { ...xen, 'proc/xen/capabilities': 'control_d\n' };
const inventory = { 'etc/xensource-inventory': "PRODUCT_BRAND='XenServer'\nPRODUCT_VERSION='8'\n" };

const hosts: {
  name: string;
  files: Record<string, string>;
  found: string;
  role: string | null;
  remark?: RegExp;
}[] = [
  { name: 'a KVM host', files: { ...module, ...dev }, found: 'KVM', role: 'host' },
  { name: 'KVM built in', files: { 'sys/module/kvm/version': '', ...dev }, found: 'KVM', role: 'host' },
  { name: 'a container with /dev/kvm', files: dev, found: 'KVM', role: 'host' },
  {
    name: 'kvm without /dev/kvm',
    files: module,
    found: 'none',
    role: null,
    remark: /but \/dev\/kvm is not\nhint: load kvm_intel/,
  },
  {
    name: 'a KVM host with vmx',
    files: { ...module, ...dev, ...cpu('fpu vmx sse') },
    found: 'KVM',
    role: 'host',
  },
  { name: 'a KVM host with svm', files: { ...dev, ...cpu('fpu svm') }, found: 'KVM', role: 'host' },
  {
    name: 'a processor without x86 flags',
    files: { ...dev, 'proc/cpuinfo': 'processor\t: 0\nFeatures\t: fp asimd\n' },
    found: 'KVM',
    role: 'host',
  },
  {
    name: '/dev/kvm on a processor that cannot',
    files: { ...module, ...dev, ...cpu('fpu svme vmxoff hypervisor') },
    found: 'none',
    role: null,
    remark: /neither vmx nor svm, so KVM cannot run a guest\nhint: switch on virtualisation in the firmware/,
  },
  { name: 'dom0', files: dom0, found: 'XEN', role: 'dom0' },
  {
    name: 'a guest of Xen',
    files: { ...xen, 'proc/xen/capabilities': '' },
    found: 'XEN',
    role: 'domU',
    remark: /hint: run virtio-win in dom0/,
  },
  { name: 'a guest of Xen that nests KVM', files: { ...xen, ...module, ...dev }, found: 'KVM', role: 'host' },
  { name: 'XenServer', files: { ...dom0, ...inventory }, found: 'XENSERVER', role: 'dom0' },
  {
    name: 'an inventory that lies about without Xen',
    files: inventory,
    found: 'none',
    role: null,
    remark: /no hypervisor/,
  },
  {
    name: 'a bare machine',
    files: {},
    found: 'none',
    role: null,
    remark: /hint: load kvm_intel or kvm_amd, or boot Xen/,
  },
];

describe.skipIf(lacksTool('dash', 'busybox'))('detect', () => {
  describe.each(shells)('in %s', (shell) => {
    test.each(hosts)('$name is $found', async ({ files, found, role, remark }) => {
      const host = await makeHost();
      const root = join(host.folder, 'root');
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      }
      host.env.VIRTIO_WIN_SYSROOT = root;
      const { exitCode, stdout, stderr } = await host.run(shell, 'detect');
      expect(exitCode).toBe(0);
      expect(stdout.split('\n')[0]).toBe(role === null ? found : `${found} (${role})`);
      const family = { host: 'virtio', dom0: 'xenpv', domU: null }[role ?? 'domU'] ?? null;
      const [last = '', ...others] = stdout.split('\n').slice(1).reverse();
      expect(last).toMatch(family === null ? /^saw: / : /^family: \w+, drivers .*; disc: none is installed$/);
      expect(others.every((line) => line.startsWith('saw: '))).toBe(true);
      expect(stderr).toMatch(remark ?? /^$/);
      const json = JSON.parse((await host.run(shell, 'detect', '--json')).stdout);
      expect(json).toMatchObject({ hypervisor: found, role, family, disc: null });
      expect(json.saw).toContain(
        `/sys/hypervisor/type: ${'sys/hypervisor/type' in files ? 'xen' : 'not there'}`,
      );
      expect(json.saw).toContain(`/dev/kvm: ${'dev/kvm' in files ? 'there' : 'not there'}`);
      if ('etc/xensource-inventory' in files)
        expect(json.saw).toContain('/etc/xensource-inventory: XenServer');
    });
  });
});
