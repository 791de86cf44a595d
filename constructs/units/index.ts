export { Cpu } from './cpu';
export { Duration } from './duration';
export { ImageRef } from './image-ref';
export { Memory } from './memory';
