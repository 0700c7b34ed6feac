import { failOnBugs } from './bug-guard.ts';

failOnBugs();
