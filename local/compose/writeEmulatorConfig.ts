import { readFileSync, writeFileSync } from 'node:fs';
import { type Queue, emulatorConfig } from './emulatorConfig';

/** `npm run emulator:config`: writes what the Service Bus emulator is started with from the queues of the Bicep. */
const QUEUES = 'infra/queues.json';
const CONFIG = 'local/compose/Config.json';

const queues = JSON.parse(readFileSync(QUEUES, 'utf8')) as Queue[];
writeFileSync(CONFIG, `${JSON.stringify(emulatorConfig(queues), null, 2)}\n`);
console.log(`${CONFIG}: ${queues.map(({ name }) => name).join(', ')}`);
