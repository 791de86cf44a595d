import type { LogSink } from '../docker/streams';

type Stream = keyof LogSink;

/** The two streams are written beside each other, not quite in the order of their times. */
const SLACK_SECONDS = 2;

/**
 * How far a task's log was passed on: for each stream the time of its last message, and how many messages have that time, as
 * all parts of a long line have. A clock that is set back in between can cost messages, or bring some twice.
 */
export class LogPlace {
  private readonly last = { stdout: { at: '', count: 0 }, stderr: { at: '', count: 0 } };

  /** From when on to ask again, in whole seconds since 1970; undefined where nothing has come. */
  get since(): number | undefined {
    const { stdout, stderr } = this.last;
    // Written alike, times are in the order of their texts.
    const at = stdout.at > stderr.at ? stdout.at : stderr.at;
    return at === '' ? undefined : Math.floor(Date.parse(at) / 1000) - SLACK_SECONDS;
  }

  /** Passes on what one more connection brings, without what those before have brought. */
  goOn(sink: LogSink): LogSink {
    const from = (stream: Stream) => {
      const known = { ...this.last[stream] };
      let again = 0;
      let isNew = false;
      return (text: Buffer, at: string): void => {
        isNew ||= at > known.at || (at === known.at && ++again > known.count);
        if (!isNew) return;
        const { last } = this;
        last[stream] = { at, count: last[stream].at === at ? last[stream].count + 1 : 1 };
        sink[stream](text, at);
      };
    };
    return { stdout: from('stdout'), stderr: from('stderr') };
  }
}
