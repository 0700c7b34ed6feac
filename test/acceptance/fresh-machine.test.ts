import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FreshMachine, type FreshRun, makeFreshMachine } from '../builders/fresh-machine.ts';
import { lacksFile, lacksTool } from '../builders/needs.ts';
import { readDocument } from '../docs/markdown.ts';
import { ownRelease } from './own-release.ts';

/** Root needs no user namespace. */
const isRoot = process.getuid?.() === 0;

/** What scripts/fresh sets: the suites of the machines, or `none`; and whether all of README's commands run, which takes an hour. */
const { PVDISC_FRESH, PVDISC_FRESH_LONG } = process.env;
const suites = (PVDISC_FRESH ?? 'bookworm').split(' ').filter((name) => !['', 'none'].includes(name));
const isLong = PVDISC_FRESH_LONG !== undefined;
const timeout = isLong ? 7_200_000 : 900_000;

const blocks = readDocument('README.md').blocks.filter(({ language }) => language === 'sh');
const [build = '', runTests = ''] = blocks.map(({ text }) => text);

/** Tests that showed what differs between this machine and a fresh one: where the clone lies, who runs it, what the kernel gives. */
const fewTests = ['test/builders/processes.test.ts', 'test/system/sandbox.test.ts'].concat(
  ['hostile/ordinary-user', 'acceptance/no-room', 'verify/alone'].map((name) => `test/${name}.test.ts`),
);

test("README's first two commands are those of the fresh machine", () => {
  expect([build, runTests]).toEqual([
    expect.stringMatching(/^scripts\/build\b/),
    expect.stringMatching(/^scripts\/test\b/),
  ]);
});

const isSkipped =
  lacksTool('mmdebstrap', 'unshare', 'git', 'npm', ...(isRoot ? [] : ['newuidmap'])) ||
  lacksFile('.git') ||
  (await lacksNamespaces());

describe.skipIf(isSkipped).each(suites)('on a fresh %s', { timeout }, (suite) => {
  let machine: FreshMachine;

  beforeAll(async () => {
    machine = await makeFreshMachine(suite);
  }, timeout);

  afterAll(async () => {
    await machine?.remove();
  }, timeout);

  const good = async (commands: string, how: Omit<FreshRun, 'timeout'>) => {
    const { exitCode, all } = await machine.run(commands, { ...how, timeout });
    expect(exitCode, all).toBe(0);
    expect(all).not.toContain('this is a bug');
    return all;
  };

  test('root builds on a terminal', async () => {
    const printed = await good(build, { folder: '/root/pvdisc', terminal: true });
    expect(printed).toMatch(/dist\/pvdisc-sample-\S+\.iso/);
    expect(await good('ls dist', { folder: '/root/pvdisc' })).toMatch(/^pvdisc-sample-\d\S+$/m);
  });

  test('what was built is verified, installed, verified again and removed', async () => {
    const folder = '/root/pvdisc';
    expect(await good('npx pvdisc verify dist/*/', { folder })).not.toMatch(/^bad\b/im);
    await good('apt-get install -qq ./dist/*/pvdisc-sample_*_all.deb', { folder });
    expect(await good('virtio-win path', { folder })).toMatch(/^\/usr\/share\/virtio-win\/\S+\.iso$/m);
    await good('virtio-win verify && dpkg --verify pvdisc-sample', { folder });
    await good('apt-get purge -qq pvdisc-sample && ! test -e /usr/share/virtio-win', { folder });
  });

  test('an ordinary user who has the packages builds without a terminal', async () => {
    const folder = '/home/user/pvdisc';
    if (!isLong)
      await good(`cp -a /root/pvdisc/node_modules ${folder} && chown -R user: ${folder}`, { folder });
    const printed = await good(build, { folder, user: 'user' });
    expect(printed).toMatch(/dist\/pvdisc-sample-\S+\.iso/);
    expect(printed).not.toContain('\u001b');
    const sums = 'sha256sum */*.iso */*.deb';
    const mine = await good(sums, { folder: `${folder}/dist` });
    expect(mine).toBe(await good(sums, { folder: '/root/pvdisc/dist' }));
  });

  test.runIf(PVDISC_FRESH !== undefined)("a release of one's own is made and installed", async () => {
    await good(ownRelease.prepare, { folder: '/root/pvdisc' });
    const printed = await good(ownRelease.make, { folder: '/home/user', user: 'user' });
    const [, seconds, edited] = /first ISO after (\d+) s, (\d+) file edited/.exec(printed) ?? [];
    console.log(`${suite}: first ISO after ${seconds} s, ${edited} file edited`);
    expect(Number(seconds)).toBeLessThan(300);
    expect(edited).toBe('1');
    expect(await good(ownRelease.installByApt, { folder: '/' })).toContain('acme-virtio-1.0.0.iso: good');
    expect(await good(ownRelease.installByDnf, { folder: '/' })).toContain('acme-virtio-1.0.0.iso: good');
  });

  test.skipIf(isLong)('tests pass that depend on the machine', async () => {
    // One process loads the modules; it takes longer, and less of the cores that other tests need.
    await good(`scripts/setup && node_modules/.bin/vitest run --maxWorkers=1 ${fewTests.join(' ')}`, {
      folder: '/root/pvdisc',
    });
  });

  test.runIf(isLong)('all tests pass for root on a terminal', async () => {
    await good(runTests, { folder: '/root/pvdisc', terminal: true });
  });

  test.runIf(isLong)('all tests pass for an ordinary user without a terminal', async () => {
    await good(runTests, { folder: '/home/user/pvdisc', user: 'user' });
  });
});

/** Other users may not get a user namespace on this machine or in this container; where a fresh machine is asked for, that is an error. */
async function lacksNamespaces(): Promise<boolean> {
  if (isRoot) return false;
  const { failed, stderr } = await execa('mmdebstrap', ['--unshare-helper', 'true'], { reject: false });
  if (!failed) return false;
  const note = `no fresh machine can be made, since this user gets no user namespace: ${stderr}
  hint: give the user a range in /etc/subuid and /etc/subgid, allow user namespaces, or run it as root`;
  if (process.env.PVDISC_FRESH !== undefined && suites.length > 0) throw new Error(note);
  console.warn(`SKIPPED: ${note}`);
  return true;
}
