import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectorDefinition } from './connector/definition';

/** `npm run connector`: writes connector/apiDefinition.swagger.json anew. */
async function main(): Promise<void> {
  const file = join(__dirname, '..', '..', 'connector', 'apiDefinition.swagger.json');
  await writeFile(file, `${JSON.stringify(connectorDefinition(), undefined, 2)}\n`);
  console.log('connector/apiDefinition.swagger.json');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
