import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { app } from '@azure/functions';
import { makeReplay } from './replay';
import type { Recording } from './scriptProcess';

/**
 * Two functions to hold the product against, behind the very same HTTP layer: one that does nothing, and one that does
 * what was recorded of the product, the nth request of it at its nth call. Both read a JSON body and answer as the product
 * answered once.
 */
const { TablesConnection = '', ServiceBusConnection = '', RECORDING = '', ANSWER = '{}' } = process.env;

const answer = { status: 202, jsonBody: JSON.parse(ANSWER) as unknown };

let replay: ReturnType<typeof makeReplay> | undefined;
let recording: Iterator<Recording[number]> | undefined;

app.http('empty', {
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: async (request) => {
    await request.json();
    return answer;
  },
});

app.http('bare', {
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: async (request) => {
    await request.json();
    replay ??= makeReplay(TablesConnection, ServiceBusConnection);
    recording ??= (deserialize(readFileSync(RECORDING)) as Recording).values();
    const next = recording.next();
    if (next.done === true) return { status: 500 };
    await replay.perform(next.value);
    return answer;
  },
});
