// Tests start real servers and make keys on a machine that may be busy; a hang still ends.
jest.setTimeout(60_000);
