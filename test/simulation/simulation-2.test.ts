/** The second share of ten thousand random stories: see `play-share.ts`. */
import { playShare } from './play-share.ts';

playShare(1);
