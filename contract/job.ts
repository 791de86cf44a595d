/**
 * The label of a service that is a job: it runs one task once, and is removed at its end. Its value says what for. Such a
 * service has its stack's label, too, so that `docker stack rm` takes it along; nothing else counts it among the stack's
 * services.
 */
export const JOB_LABEL = 'proctor.job';
/** The full name of the service that a job was made from. */
export const JOB_OF_LABEL = 'proctor.job.of';
/** When a job must have ended, in seconds since 1970: who finds it later may remove it. */
export const JOB_UNTIL_LABEL = 'proctor.job.until';
