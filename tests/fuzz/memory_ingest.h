#pragma once

#include <map>
#include <string>

#include "libs/base/clock.h"
#include "libs/storage/testing/memory_batch_store.h"
#include "libs/storage/testing/memory_dataset.h"
#include "libs/storage/testing/memory_location_store.h"
#include "services/ingest/admission.h"
#include "tests/fuzz/upload_oracle.h"

namespace fairway::fuzz {

// What the ingest service needs, in memory, with the ports AAAAA, BBBBB and CCCCC.
class MemoryIngest {
 public:
  MemoryIngest();

  BatchStore* batches() { return &batches_; }
  LocationStore* locations() { return &locations_; }
  ingest::Admission* admission() { return &admission_; }
  const Clock* clock() const { return &clock_; }

  // The prices stored of each batch, whether it is committed or not, by batch id; batches that
  // store none are left out.
  std::map<std::string, Rows> Stored();
  // Forgets the batches that have ended.
  void Forget();

 private:
  const SystemClock clock_;
  testing::MemoryDataset dataset_{&clock_};
  testing::MemoryLocationStore locations_{&dataset_};
  testing::MemoryBatchStore batches_{&dataset_};
  ingest::Admission admission_{&clock_};
};

}  // namespace fairway::fuzz
