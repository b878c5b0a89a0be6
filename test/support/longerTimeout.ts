// Integration tests start real servers on a machine that may be busy; a hang still ends.
jest.setTimeout(60_000);
