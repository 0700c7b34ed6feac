import type { Job as KubernetesJob } from 'kubernetes-types/batch/v1.js';
import { stringify } from 'yaml';
import { sumsName } from '../../attest/document-names.ts';
import { shellWord } from '../../core/text.ts';
import type { PlannedJob } from '../../reproduce/plan-schema.ts';
import { jsonLine, jsonText } from './json-text.ts';

/** Engines that run the jobs of a plan. */
export const jobFormats = ['json', 'github', 'gitlab', 'kubernetes', 'make'] as const;
export type JobFormat = (typeof jobFormats)[number];

/** Where jobs run: a container image that has pvdisc, and the folder that they write to. */
interface JobPlace {
  readonly image: string;
  readonly out: string;
}

/** Returns the jobs in the form that an engine reads. */
export const writeJobs: Readonly<
  Record<JobFormat, (jobs: readonly PlannedJob[], place: JobPlace) => string>
> = {
  json: (jobs) => jsonText({ schemaVersion: 1, jobs }),
  github: (jobs) => `matrix=${jsonLine({ include: jobs.map(githubJob) })}\n`,
  gitlab: (jobs, { image }) => stringify(gitlabPipeline(jobs, image), yamlOptions),
  kubernetes: (jobs, place) => stringify(kubernetesList(jobs, place), yamlOptions),
  make: makefile,
};

const yamlOptions = { lineWidth: 0, aliasDuplicateObjects: false } as const;

/** Values of a matrix are texts, so that a step can use them as they are. */
function githubJob({ command, ...job }: PlannedJob) {
  return { ...job, command: commandLine(command) };
}

/** A finished build has its checksums, which come last; what a cache brought back is not built again. */
function unlessDone({ out, command }: PlannedJob): string {
  return `test -e ${shellWord(`${out}/${sumsName}`)} || pvdisc ${commandLine(command)}`;
}

function commandLine(command: readonly string[]): string {
  return command.map(shellWord).join(' ');
}

/** A child pipeline (https://docs.gitlab.com/ci/pipelines/downstream_pipelines/#dynamic-child-pipelines). */
function gitlabPipeline(jobs: readonly PlannedJob[], image: string) {
  const named = jobs.map((job) => {
    const paths = [`${job.out}/`];
    const settings = { stage: 'build', script: [unlessDone(job)], cache: { key: job.key, paths } };
    return [job.id, { ...settings, artifacts: { paths } }];
  });
  return { stages: ['build'], default: { image }, ...Object.fromEntries(named) };
}

/** Jobs of batch/v1; each needs a store, since what it writes is gone with its pod. */
function kubernetesList(jobs: readonly PlannedJob[], place: JobPlace) {
  return { apiVersion: 'v1', kind: 'List', items: jobs.map((job) => kubernetesJob(job, place)) };
}

/** The working folder stays that of the image, from which relative paths count. */
function kubernetesJob({ id, key, command }: PlannedJob, { image, out }: JobPlace): KubernetesJob {
  const name = `pvdisc-${key.slice(0, 24)}`;
  const labels = { 'app.kubernetes.io/name': 'pvdisc' };
  const container = {
    name: 'build',
    image,
    args: [...command],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: 'out', mountPath: out }],
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels, annotations: { 'pvdisc/job': id, 'pvdisc/key': key } },
    spec: {
      backoffLimit: 2,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          containers: [container],
          volumes: [{ name: 'out', emptyDir: {} }],
        },
      },
    },
  };
}

/** Each target is the checksum list of a release, which is there when all of it is (make -j). */
function makefile(jobs: readonly PlannedJob[]): string {
  const target = ({ out }: PlannedJob) => escaped(`${out}/${sumsName}`);
  // A percent sign makes a pattern of a target, and of no prerequisite.
  const rules = jobs.map(
    (job) =>
      `# ${job.id}\n${target(job).replaceAll('%', '\\%')}:\n\t$(PVDISC) ${commandLine(job.command).replaceAll('$', '$$$$')} --quiet\n`,
  );
  const all = `.PHONY: all\nall: ${jobs.map(target).join(' \\\n  ')}\n`;
  return ['PVDISC ?= pvdisc\n', all, ...rules].join('\n');
}

/** A name in a makefile: blanks, `$`, `#` and `:` have a meaning there (GNU make, "Rule Syntax"). */
function escaped(path: string): string {
  return path.replaceAll('$', '$$$$').replaceAll(/[ #:\\]/g, '\\$&');
}
