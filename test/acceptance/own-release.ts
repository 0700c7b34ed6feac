/** Commands that make a release of one's own on a fresh machine, from the npm package to the hosts that install it. */
export const ownRelease = {
  /** By root: the programs, the npm package, and a driver build without catalogs (two drivers of the sample). */
  prepare: `
apt-get update -qq
apt-get install -qq --no-install-recommends xorriso zstd bubblewrap gnupg gpgv apt-utils xz-utils rpm createrepo-c dnf >/dev/null
npm ci --ignore-scripts --loglevel=error >/dev/null
node scripts/compile.mjs
npm pack --ignore-scripts --silent
node build/cli/index.js build sample --quiet --out /root/sample
xorriso -osirrox on -indev /root/sample/*/pvdisc-sample-0.1.0.iso -extract /sampleblk /home/user/drivers/sampleblk \
  -extract /samplenet /home/user/drivers/samplenet 2>/dev/null
mv pvdisc-*.tgz /home/user
chown -R user: /home/user`,

  /** By an ordinary user. */
  make: `
start=$(date +%s)
npm install --prefix tool --loglevel=error ./pvdisc-*.tgz >/dev/null
export PATH="$HOME/tool/node_modules/.bin:$PATH"
pvdisc init acme --from drivers --name acme-virtio --maintainer 'Acme <virt@acme.example>' --unsigned 'a test of our own build'
cp -r acme written
sed -i 's/^package:$/package:\\n  formats: [deb, rpm]/' acme/release.yaml
pvdisc build acme/release.yaml --out dist
ls dist/*/*.iso
seconds=$(($(date +%s) - start))
diff --recursive --brief written acme | tee edited
echo "first ISO after $seconds s, $(wc --lines <edited) file edited"
gpg --batch --quiet --passphrase '' --quick-gen-key virt@acme.example default sign never
pvdisc publish --apt apt --key virt@acme.example --url file:///home/user/apt dist/*/
pvdisc publish --rpm rpm --key virt@acme.example --url file:///home/user/rpm dist/*/
chmod 755 .`,

  /** By root of a host. */
  installByApt: `
cp /home/user/apt/pvdisc.gpg /usr/share/keyrings/
printf 'deb [signed-by=/usr/share/keyrings/pvdisc.gpg] file:/home/user/apt stable main\n' >/etc/apt/sources.list.d/acme.list
apt-get update -qq
apt-get install -qq acme-virtio
virtio-win verify
dpkg --verify acme-virtio
apt-get purge -qq acme-virtio
rm /etc/apt/sources.list.d/acme.list
! test -e /usr/share/virtio-win`,

  /** By root of a host with dnf; a package stands for what Fedora has: the shell and the other programs of the scripts. */
  installByDnf: `
mkdir -p /tmp/base /etc/yum.repos.d
cat >/tmp/base/base.spec <<'END'
Name: base
Version: 1
Release: 1
Summary: what Fedora has
License: MIT
BuildArch: noarch
Provides: /bin/sh, /usr/sbin/update-alternatives, coreutils, findutils, grep, sed
%description
base
%files
END
rpmbuild -bb --quiet --define '_topdir /tmp/base' /tmp/base/base.spec
cat >/etc/yum.repos.d/acme.repo <<'END'
[acme]
name=acme
baseurl=file:///home/user/rpm/stable
repo_gpgcheck=1
gpgcheck=0
gpgkey=file:///home/user/rpm/pvdisc.asc
END
dnf -y -q --releasever=40 install /tmp/base/RPMS/noarch/base-1-1.noarch.rpm acme-virtio
rpm -V acme-virtio
virtio-win verify
dnf -y -q --releasever=40 remove acme-virtio
! test -e /usr/share/virtio-win`,
} as const;
