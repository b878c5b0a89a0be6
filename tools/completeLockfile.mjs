// `node tools/completeLockfile.mjs`, after an `npm install` against a registry mirror that lacks packages of other
// platforms: npm then leaves their entries out of the lockfile, and `npm ci` refuses it on every platform. This puts
// them back, without the hashes that only the registry could give (docs/decisions/0007-lockfile.md).
import { readFileSync, writeFileSync } from 'node:fs';

const LOCKFILE = new URL('../package-lock.json', import.meta.url);
const PLATFORM =
  /-(?<os>darwin|linux|win32|android|freebsd|openharmony)-(?<cpu>arm64|arm|x64|ia32|ppc64|s390x|riscv64|loong64)(?<abi>-.*)?$/;

const lock = JSON.parse(readFileSync(LOCKFILE, 'utf8'));

function libcOf(os, abi = '') {
  if (abi.includes('musl')) return { libc: ['musl'] };
  return os === 'linux' && abi.includes('gnu') ? { libc: ['glibc'] } : {};
}

const added = [];
for (const [path, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const target = `node_modules/${name}`;
    const platform = PLATFORM.exec(name)?.groups;
    if (!platform || lock.packages[target] || lock.packages[`${path}/${target}`]) continue;
    lock.packages[target] = {
      version,
      cpu: [platform.cpu],
      ...(parent.dev ? { dev: true } : {}),
      ...libcOf(platform.os, platform.abi),
      license: parent.license,
      optional: true,
      os: [platform.os],
      ...(parent.engines ? { engines: parent.engines } : {}),
    };
    added.push(name);
  }
}

lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(LOCKFILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'Nothing was missing.' : `Added ${added.length}: ${added.join(', ')}`);
