interface Settlement {
  outcome: string;
  start: () => void;
}

/** Starts `settle`, now or as soon as its outcome may be written; settles as it does. */
export type SettlementLane = (outcome: string, settle: () => Promise<void>) => Promise<void>;

/**
 * Keeps different outcomes of one link out of one tick of the event loop.
 *
 * rhea 3.0.5, under @azure/service-bus, writes dispositions at the end of a tick and merges neighbours whatever their
 * outcomes: an abandon right after a complete is told to the broker as a complete, and the message is lost.
 */
export function makeSettlementLane(): SettlementLane {
  const waiting: Settlement[] = [];
  let isTickTaken = false;

  const startNext = () => {
    const outcome = waiting[0]?.outcome;
    isTickTaken = outcome !== undefined;
    if (!isTickTaken) return;
    while (waiting[0]?.outcome === outcome) waiting.shift()?.start();
    setImmediate(startNext);
  };

  return (outcome, settle) =>
    new Promise((resolve, reject) => {
      waiting.push({ outcome, start: () => void settle().then(resolve, reject) });
      if (!isTickTaken) startNext();
    });
}
