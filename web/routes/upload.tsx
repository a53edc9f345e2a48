import { href, useNavigate } from "react-router";
import { workspacesOf, writingRoles } from "#records/accounts/access.ts";
import { speechOffer } from "#records/speech-offer.ts";
import { PageHeader } from "../components/ui/page-header.tsx";
import { languagesOf } from "../components/uploads/languages.ts";
import { DropZone } from "../components/uploads/drop-zone.tsx";
import { StagedFiles } from "../components/uploads/staged-files.tsx";
import { UnfinishedUploads } from "../components/uploads/unfinished-uploads.tsx";
import type { Awaiting } from "../components/uploads/use-arrivals.ts";
import { useUploader } from "../components/uploads/use-uploader.tsx";
import { bytes } from "../components/ui/format.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import type { Route } from "./+types/upload.ts";

export async function loader({ context }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const workspaces = await workspacesOf(prisma, context.get(actorContext).id);
  return {
    workspaces: workspaces.filter(({ role }) => writingRoles.includes(role)),
    maxBytes: env.MAX_UPLOAD_BYTES,
    speech: await speechOffer(prisma),
    maxHours: Math.round(env.MAX_DURATION_SECONDS / 360) / 10,
  };
}

export default function UploadPage({ loaderData: { workspaces, maxBytes, maxHours, speech } }: Route.ComponentProps) {
  const [{ staged, unfinished }, uploader] = useUploader();
  const navigate = useNavigate();
  return (
    <div className="mx-auto max-w-3xl space-y-6">
      <PageHeader
        title="New recording"
        lead={`Audio or video, up to ${bytes(maxBytes)} and ${maxHours} hours each. Uploads go on while you browse.`}
      />
      <UnfinishedUploads
        unfinished={unfinished.filter(({ channelId }) => channelId === null)}
        onForget={(key) => void uploader.forget(key)}
      />
      <DropZone isSmall={staged.length > 0} onFiles={(files) => uploader.stage(files)} />
      <StagedFiles
        files={staged}
        workspaces={workspaces}
        languages={languagesOf(speech)}
        maxBytes={maxBytes}
        onRemove={uploader.unstage}
        onSend={(batch) => {
          uploader.clearStage();
          const keys = Promise.all(batch.map(({ file, details }) => uploader.send(file, details)));
          // One file is opened as soon as it is there; of several nobody knows which is wanted.
          void keys.then(([awaits = ""]) => {
            const state: Awaiting | null = batch.length === 1 ? { awaits } : null;
            return navigate(href("/recordings"), { state });
          });
        }}
      />
    </div>
  );
}
