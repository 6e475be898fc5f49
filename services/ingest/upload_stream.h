#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "libs/rpc/inbound_stream.h"
#include "services/ingest/upload_batch.h"
#include "services/ingest/upload_chunk.h"

namespace fairway::ingest {

// An UploadBatch stream as the operation sees it: a header, chunks, and the end. One thread.
class UploadStream final : public ChunkSource {
 public:
  using Inbound = rpc::InboundStream<v1::UploadBatchRequest>;

  explicit UploadStream(Inbound* inbound) : inbound_(inbound) {}

  // First. INVALID_REQUEST when the stream does not begin with a header; as Next().
  absl::StatusOr<UploadHeader> ReadHeader();
  absl::StatusOr<const RawChunk*> Next() override;
  std::optional<UploadEnd> end() const override { return end_; }

 private:
  absl::StatusOr<const v1::UploadBatchRequest*> Read(absl::Duration idle_max);
  absl::Status AwaitClose();

  Inbound* const inbound_;
  std::vector<RawPrice> rows_;
  RawChunk chunk_;
  std::optional<UploadEnd> end_;
};

}  // namespace fairway::ingest
