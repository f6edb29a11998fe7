// StateReader: the read side of a service, over its state store. Any thread; sees what the loop has
// committed, so at least all that it has answered.
//
// It never gives a dossier that is not understood, nor a list or sum that may lack one: that is
// NEWER_SCHEMA, and another instance, which is newer, gives it.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "services/base/status.h"
#include "services/domain/cases/dossier.h"
#include "services/engine/fold_progress.h"
#include "services/engine/ports.h"

namespace motcua::engine {

class StateReader {
 public:
  // All must outlive it. Without a progress the store is one that nobody writes to any more.
  StateReader(const StateStore& store, const Codec& codec, FoldProgress* progress = nullptr)
      : store_(&store), codec_(&codec), progress_(progress) {}

  // The same reader of one moment: what is committed later it does not see, so that what it reads
  // one after the other belongs together. Must be gone before the store is closed.
  Result<StateReader> AtOneMoment() const;

  // None when there is no such dossier.
  Result<std::optional<cases::Dossier>> FindDossier(const cases::DossierCode& code) const;
  // DOSSIER_NOT_FOUND when there is none.
  Result<cases::Dossier> GetDossier(const cases::DossierCode& code) const;
  // Dossiers by code from `from` (inclusive) until `visit` returns false; only those whose code
  // begins with `prefix`.
  Status ScanDossiers(std::string_view prefix, std::string_view from,
                      const std::function<bool(const cases::Dossier&)>& visit) const;

  // NEWER_SCHEMA when a dossier is not understood whose code begins with `prefix`. Code that reads
  // lists or sums from rows of its own asks this first.
  Status CheckUnderstood(std::string_view prefix = {}) const;

  const StateStore& store() const { return *store_; }
  const Codec& codec() const { return *codec_; }
  // Null: nothing is waited for.
  FoldProgress* progress() const { return progress_; }

 private:
  // Owns what store_ points to; none: somebody else does.
  std::shared_ptr<const StateStore> moment_;
  const StateStore* store_;
  const Codec* codec_;
  FoldProgress* progress_;
};

}  // namespace motcua::engine
