/** The colours of the environments, alike wherever one is named. */
import { css } from "lit";

export const environments = css`
  .production {
    background: #a8132f;
    color: white;
  }

  .sandbox {
    background: #ffd24a;
    color: #2b2000;
  }

  .local {
    background: light-dark(#dfe6ee, #2d3947);
    color: light-dark(#1e2b3a, #dbe5f0);
  }
`;
