/** "Run From Driver Store" (Microsoft): directory number 13, supported in general since Windows 10 1709; "Using Dirids" has it since Windows 8.1. */
export const driverStore = { dirid: 13, build: 16299 } as const;
