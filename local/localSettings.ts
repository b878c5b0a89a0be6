import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { STAND_INS, type StandInName } from './standIns';
import { DEFAULT_PORTS, type LocalPorts } from './startLocal';

const schema = z.object({ Values: z.record(z.string(), z.string()).default({}) });

/** Values by which Core Tools finds emulators on this machine; `npm start` puts its own in their place. */
const NAMES_AN_EMULATOR =
  /UseDevelopmentStorage=true|UseDevelopmentEmulator=true|^http:\/\/(127\.0\.0\.1|localhost)[:/]/i;

/**
 * The Values of local.settings.json, which Core Tools reads too, put into the environment; what is set there already
 * goes before. Those that name emulators are left out. A missing file is none.
 */
export function applyLocalSettings(path: string): void {
  if (!existsSync(path)) return;
  for (const [name, value] of Object.entries(readValues(path))) {
    if (value !== '' && !NAMES_AN_EMULATOR.test(value)) process.env[name] ??= value;
  }
}

function readValues(path: string): Record<string, string> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8'))).Values;
  } catch (cause) {
    throw new Error(`${path} can't be read: it should be JSON like local.settings.sample.json.`, { cause });
  }
}

const VARIABLES: Record<keyof LocalPorts, string> = {
  functions: 'FUNCTIONS_PORT',
  tables: 'TABLES_PORT',
  serviceBus: 'SERVICE_BUS_PORT',
  graph: 'GRAPH_PORT',
};

/** Ports from the environment, else the standard ones. 0 takes any free port. */
export function portsFromEnvironment(): LocalPorts {
  const entries = Object.entries(VARIABLES).map(([part, variable]) => {
    const text = process.env[variable];
    const port = text === undefined || text === '' ? DEFAULT_PORTS[part as keyof LocalPorts] : Number(text);
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return [part, port];
    throw new Error(`${variable} is "${text ?? ''}": it should be a port from 0 to 65535, 0 for any free one.`);
  });
  return Object.fromEntries(entries) as LocalPorts;
}

/** Stand-ins named on the command line. Throws one sentence for a name that is none. */
export function standInsFromArguments(names: string[]): StandInName[] {
  return names.map((name) => {
    const known = STAND_INS.find((standIn) => standIn.toLowerCase() === name.toLowerCase());
    if (known) return known;
    throw new Error(
      `There is no stand-in "${name}": there are ${STAND_INS.join(', ')}. With no name, everything starts.`,
    );
  });
}
