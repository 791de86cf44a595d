/** Without the queries of paths and URLs: a browser's WebSocket has its token there, and programs log what was asked. */
export const withoutQueries = (text: string): string => text.replace(/(\/[^\s"'`?]*\?)[^\s"'`]+/g, '$1…');
