/** A known bug, planted by replacing text that must stand exactly once, and the test that must not let it through. */
export interface Bug {
  name: string;
  file: string;
  edits: [find: string, replace: string][];
  /** The test file, and words of the names of the tests of which one must fail. */
  test: string;
  fails: RegExp;
}

const SEND_STEP = 'shared/workflow/sendStep.ts';
const TRANSACTION = 'shared/tables/transactionOf.ts';
const SHARE = 'shared/workflow/kinds/driveItem/share.ts';
const CALL_GRAPH = 'shared/graph/callGraph.ts';
const SEND_OUTCOME = 'shared/domain/applySendOutcome.ts';

export const BUGS: Bug[] = [
  {
    name: 'Graph is asked before the intent is written',
    file: SEND_STEP,
    edits: [
      [
        '  const begun = await beginIntent(stored, intent, step, parts);',
        `  const answer = await seen.send({ attemptId: intent.attemptId, mayStillCall: () => true });
  const begun = await beginIntent(stored, intent, step, parts);`,
      ],
      ['  const answer = await seen.send({ attemptId, mayStillCall: begun.mayStillCall });\n', ''],
    ],
    test: 'test/crash/deaths.test.ts',
    fails: /ends as it should wherever they are/,
  },
  {
    name: 'the ETag of an update is dropped',
    file: TRANSACTION,
    edits: [['{ etag: before.etag }', "{ etag: '*' }"]],
    test: 'test/integration/tables/conflicts.test.ts',
    fails: /applies the change again|lets every one of several changes/,
  },
  {
    name: 'a delayed copy reuses a MessageId',
    file: 'shared/workflow/advanceInvitation.ts',
    edits: [['`copy-${randomUUID()}`, aheadMs', '`copy-${stored.changeId.slice(0, 0)}${randomUUID.length}`, aheadMs']],
    test: 'test/unit/shared/workflow/advanceInvitation.test.ts',
    fails: /gives each copy a MessageId of its own/,
  },
  {
    name: 'the Graph client’s own retry is switched on',
    file: CALL_GRAPH,
    edits: [
      [
        "import { Client, type Context, type Middleware, ResponseType } from '@microsoft/microsoft-graph-client';",
        "import { Client, type Context, type Middleware, ResponseType, RetryHandler, RetryHandlerOptions } from '@microsoft/microsoft-graph-client';",
      ],
      [
        '    const client = Client.initWithMiddleware({\n      middleware: authentication(innermost(call, options, failing), options, failing),',
        '    const retry = new RetryHandler(new RetryHandlerOptions(0.01));\n    retry.setNext(innermost(call, options, failing));\n    const client = Client.initWithMiddleware({\n      middleware: authentication(retry, options, failing),',
      ],
    ],
    test: 'test/integration/graphAdapter/failures.test.ts',
    fails: /is asked for once/,
  },
  {
    name: 'the wake-up is written in a second transaction',
    file: 'shared/tables/invitations.ts',
    edits: [
      [
        "  const submit = (actions: TransactionAction[]) => calling('write invitation', () => table.submitTransaction(actions));",
        `  const submit = async (actions: TransactionAction[]) => {
    const isWakeUp = ([, { rowKey }]: TransactionAction): boolean => rowKey.startsWith('w-');
    const wakeUps = actions.filter(isWakeUp);
    if (wakeUps.length > 0) await calling('write wake-up', () => table.submitTransaction(wakeUps));
    return calling('write invitation', () => table.submitTransaction(actions.filter((action) => !isWakeUp(action))));
  };`,
      ],
    ],
    test: 'test/integration/tables/changes.test.ts',
    fails: /writes nothing at all when one entity of the transaction is refused/,
  },
  {
    name: 'the lease is never checked',
    file: CALL_GRAPH,
    edits: [['call.mayStillCall?.() === false', "call.mayStillCall?.() === false && call.path === ''"]],
    test: 'test/integration/graphAdapter/failures.test.ts',
    fails: /a lease that is over keeps the request at home/,
  },
  {
    name: 'a reminder goes out without reading the state',
    file: 'shared/workflow/kinds/guestVerbs.ts',
    edits: [
      [
        'const outcome = settledBy(invitation, step, seen.guest);',
        "const outcome = step.cause === 'first' ? settledBy(invitation, step, seen.guest) : undefined;",
      ],
    ],
    test: 'test/integration/wholeWay/life.test.ts',
    fails: /stop when the person has accepted|never go to a person/,
  },
  {
    name: 'the claim is not released when an invitation closes',
    file: TRANSACTION,
    edits: [['if (before?.holdsClaim && !after.holdsClaim) return [write.remove(key)];', '']],
    test: 'test/integration/tables/changes.test.ts',
    fails: /deletes the wake-up and the claim|lets the same person be invited again/,
  },
  {
    name: 'a lost answer is taken for "not sent" (tried again on redelivery)',
    file: SEND_STEP,
    edits: [
      [
        `    case 'refused':
    case 'unknown':
      return { type: answer.type, attemptId, fault: answer.fault };
`,
        `    case 'refused':
      return { type: answer.type, attemptId, fault: answer.fault };
    case 'unknown':
`,
      ],
    ],
    test: 'test/integration/wholeWay/graphFaults.test.ts',
    fails: /is found out from the directory, and exactly one mail goes/,
  },
  {
    name: 'an unknown reminder does not count as sent',
    file: SEND_OUTCOME,
    edits: [
      [
        '    return settleRevoke(recordUnknown(invitation, intent, now, policy), now, policy);',
        '    return { invitation: endIntent(invitation), history: [] };',
      ],
    ],
    test: 'test/integration/wholeWay/graphFaults.test.ts',
    fails: /counts a reminder as sent/,
  },
  {
    name: 'the old wake-up is left behind when it moves',
    file: TRANSACTION,
    edits: [
      ['...(before?.wakeUp !== undefined && before.wakeUp !== wakeUpKey ? [write.remove(before.wakeUp)] : []),', ''],
    ],
    test: 'test/integration/tables/changes.test.ts',
    fails: /keeps exactly one wake-up/,
  },
  {
    name: 'no lock is taken on the person',
    file: TRANSACTION,
    edits: [
      [
        'return [write.create(key, { id: after.id, attemptId, leaseEndsAt })];',
        'return [write.put(key, { id: after.id, attemptId, leaseEndsAt })];',
      ],
    ],
    test: 'test/integration/tables/conflicts.test.ts',
    fails: /takes the lock for one of two/,
  },
  {
    name: 'a share is not read back after its 200',
    file: SHARE,
    edits: [["if (read.type === 'found' && !read.permission) return NOT_THERE;", '']],
    test: 'test/integration/wholeWay/driveItems.test.ts',
    fails: /200 without the permission is found out by reading it back/,
  },
  {
    name: 'a permission is deleted though it was there before',
    file: 'shared/domain/states.ts',
    edits: [['  if (!madePermission)', "  if (!madePermission && graph?.id === '')"]],
    test: 'test/integration/wholeWay/driveItemsRevoked.test.ts',
    fails: /keeps a permission that was there before/,
  },
  {
    name: 'a later mail does not look whether the item was shared',
    file: 'shared/workflow/kinds/driveItemVerbs.ts',
    edits: [
      [
        'const before = await permissionBefore(invitation, guest, parts);',
        "const before = step.cause === 'first' ? await permissionBefore(invitation, guest, parts) : { type: 'before' as const };",
      ],
    ],
    test: 'test/integration/wholeWay/operators.test.ts',
    fails: /is made by the next mail, and taken back by a revoke/,
  },
  {
    name: 'the claim does not move to the one that replaces',
    file: 'shared/tables/transactionOf.ts',
    edits: [['writer(partitionOfId(invitation.id)).put(claim, { id: invitation.id }),', '']],
    test: 'test/property/lifecycle.test.ts',
    fails: /the invariants hold/,
  },
  {
    name: 'the one that is replaced is not revoked',
    file: 'shared/domain/newInvitation.ts',
    edits: [
      ["replaces: { id: request.replaces, status: 'due' }", "replaces: { id: request.replaces, status: 'done' }"],
    ],
    test: 'test/crash/deaths.test.ts',
    fails: /ends as it should when nobody is killed/,
  },
  {
    name: 'a share goes out while the one that it replaces is still under way',
    file: 'shared/workflow/revokeReplaced.ts',
    edits: [['  return isSame && (', '  return isSame && intent === undefined && (']],
    test: 'test/property/model/kinds.test.ts',
    fails: /waits for it: no mail is taken/,
  },
  {
    name: 'an Int64 goes through a Number',
    file: 'shared/domain/linkedInRequest.ts',
    edits: [['return whole.toString();', 'return Number(whole).toString();']],
    test: 'test/unit/shared/domain/linkedInRequest.test.ts',
    fails: /keeps every digit/,
  },
  {
    name: 'nobody looks whether the guest of a share has been invited',
    file: 'shared/domain/nextStep.ts',
    edits: [
      [
        "{ step: { type: 'awaitGuest', invitationId: waitsFor }, at: createdAt, lane: 0 }",
        "{ step: { type: 'awaitGuest', invitationId: waitsFor }, at: addMs(createdAt, 1e12), lane: 0 }",
      ],
    ],
    test: 'test/integration/wholeWay/driveItems.test.ts',
    fails: /makes a guest without a mail first/,
  },
];

/** The file's text with the bug in it. Throws where the code has moved. */
export function plant(text: string, { name, file, edits }: Bug): string {
  return edits.reduce((planted, [find, replace]) => {
    if (planted.split(find).length !== 2) {
      throw new Error(
        `"${name}": the text to replace must stand once in ${file}; the code has moved, so mend bugs.ts:\n${find}`,
      );
    }
    return planted.replace(find, () => replace);
  }, text);
}
