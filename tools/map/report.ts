import type { Action, ActionFaults } from '../../shared/webhooks/actions';
import type { Mapped, Selected } from '../../shared/webhooks/mapEvent';

/** What a source makes of one event. */
export interface Result {
  selected: Selected;
  /** Where the event id comes from when no request is at hand to take it from. */
  eventIdHeader?: string;
  /** Left out where nothing was mapped: not selected, or what is to be fetched is not at hand. */
  mapped?: Mapped;
  /** What POST /invitations would refuse. */
  faults: ActionFaults[];
}

/** Whether the event would be taken as it is: acted on, or left alone on purpose. */
export function isFine({ selected, mapped, faults }: Result): boolean {
  if (selected.type === 'ignored') return true;
  return selected.type === 'selected' && faults.length === 0 && (mapped === undefined || mapped.type === 'actions');
}

export const report = (results: Result[]): string =>
  results
    .map((result, index) => [...(results.length > 1 ? [`Event ${index + 1}`] : []), ...lines(result)].join('\n'))
    .join('\n\n');

function lines({ selected, eventIdHeader, mapped, faults }: Result): string[] {
  if (selected.type === 'ignored') return ['Ignored: the filter does not want it.'];
  if (selected.type !== 'selected') return broken(selected);
  const { eventId, fetchUrl } = selected;
  return [
    `Event id: ${eventIdHeader === undefined ? eventId : `from header ${eventIdHeader}`}`,
    ...(fetchUrl === undefined ? [] : [`Fetches:  ${fetchUrl}`]),
    ...(mapped ? mappedLines(mapped, faults) : ['Give what that answers with --fetched FILE to see the mapping.']),
  ];
}

function mappedLines(mapped: Mapped, faults: ActionFaults[]): string[] {
  if (mapped.type === 'nothing') return ['Nothing: the mapping makes nothing of it. It would be kept for a replay.'];
  if (mapped.type !== 'actions') return broken(mapped);
  return mapped.actions.flatMap((action, index) => [
    '',
    `${index + 1}. ${title(action)}`,
    ...('request' in action ? [indented(JSON.stringify(action.request, null, 2))] : []),
    ...faults
      .filter((fault) => fault.index === index)
      .flatMap((fault) => fault.faults.map(({ message }) => `   ✗ ${message}`)),
  ]);
}

const broken = ({ message, detail }: { message: string; detail?: string }): string[] => [
  `Broken: ${message}`,
  ...(detail === undefined ? [] : [`        ${detail}`]),
  'It would be kept for a replay.',
];

function title(action: Action): string {
  if (action.action === 'invite') return 'invite';
  return `${action.action} ${action.email ?? `externalId ${action.externalId ?? ''}`}`;
}

const indented = (text: string): string => text.replace(/^/gm, '   ');
