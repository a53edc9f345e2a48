FROM node:24.21.0-trixie-slim AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json .npmrc prisma.config.ts ./
COPY prisma ./prisma
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM base
ENV NODE_ENV=production
# For yt-dlp, which the worker fetches by pip once it is needed.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates python3 python3-pip && rm -rf /var/lib/apt/lists/*
# The folders exist in the image so that the volumes mounted over them belong to the user that runs the programs.
RUN install -d -m 700 -o node -g node /var/lib/convene /var/lib/convene/media /var/lib/convene/cache
COPY --from=build /app /app
USER node
EXPOSE 3000
CMD ["node", "web/server.ts"]
