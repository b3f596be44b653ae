#!/bin/sh
# Агент «ППЭ·Пульс» с флешки, на Linux:  sudo sh install.sh
# Второй запуск на том же ПК обновляет и проверяет его, ничего не ломая.
# Ключи передаются команде «ppe-agent enroll»: --room 0012 --role organizer --duty main
set -u

stick=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
packages=$stick/packages
data=/var/lib/ppe-pulse-agent
unit=ppe-pulse-agent.service
timings=
begun=$(date +%s)

say() { printf '%s\n' "$*"; }

# The last words of a run that did not end well: what happened, what to do.
stop() {
  code=$1
  shift
  say ''
  say "НЕ ГОТОВО: $*"
  show_timings
  exit "$code"
}

step() {
  step_name=$1
  step_from=$(date +%s)
  say ''
  say "== $step_name"
}

done_step() {
  timings="$timings$(printf '  %s: %s с' "$step_name" "$(($(date +%s) - step_from))")
"
}

show_timings() {
  say "Время по шагам (норма: не больше 300 с на ПК):"
  printf '%s' "$timings"
  say "  всего: $(($(date +%s) - begun)) с"
}

# The one file of this system on the stick; says which are missing, or too many.
only() {
  count=0
  for found in "$packages"/$1; do [ -f "$found" ] && count=$((count + 1)) && one=$found; done
  [ "$count" -eq 1 ] && return 0
  [ "$count" -eq 0 ] && stop 66 "в папке packages нет файла $1: скопируйте папку с флешки целиком"
  stop 66 "в папке packages несколько файлов $1: оставьте один, самый новый"
}

# Runs what may fail; its output is shown only then.
quietly() {
  output=$("$@" 2>&1) && return 0
  code=$?
  say "$output" | tail -n 12
  return "$code"
}

install_deb() {
  case $(dpkg --print-architecture) in
    amd64 | arm64) only "ppe-pulse-agent_*_$(dpkg --print-architecture).deb" ;;
    *) stop 69 "для этого процессора ($(dpkg --print-architecture)) сборки нет: нужен x86-64 или ARM64" ;;
  esac
  ours=$(dpkg-deb -f "$one" Version) || stop 65 "файл $one повреждён: скопируйте папку заново"
  # shellcheck disable=SC2016
  there=$(dpkg-query -W -f='${db:Status-Status} ${Version}' ppe-pulse-agent 2>/dev/null)
  case $there in
    "installed $ours") say "Уже установлено: $ours" && return 0 ;;
    installed*)
      if dpkg --compare-versions "${there#installed }" gt "$ours"; then
        say "Установлена версия новее, чем на флешке (${there#installed } > $ours): оставлена" && return 0
      fi
      ;;
  esac
  quietly env DEBIAN_FRONTEND=noninteractive dpkg -i "$one" ||
    stop 70 'пакет не установился, причина выше'
  installed_now=yes
  say "Установлено: $ours"
}

install_rpm() {
  only "ppe-pulse-agent-*$(uname -m).rpm"
  ours=$(rpm -qp --qf '%{VERSION}-%{RELEASE}' "$one" 2>/dev/null) ||
    stop 65 "файл $one повреждён: скопируйте папку заново"
  if there=$(rpm -q --qf '%{VERSION}-%{RELEASE}' ppe-pulse-agent 2>/dev/null); then
    [ "$there" = "$ours" ] && say "Уже установлено: $ours" && return 0
    # Which of two is newer rpm alone can say, and says it in these words.
    if LC_ALL=C rpm -U --test "$one" 2>&1 | grep -q 'which is newer than'; then
      say "Установлена версия новее, чем на флешке ($there > $ours): оставлена" && return 0
    fi
  fi
  quietly rpm -U "$one" || stop 70 'пакет не установился, причина выше'
  installed_now=yes
  say "Установлено: $ours"
}

if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null && exec sudo sh "$0" "$@"
  say 'Нужны права администратора: запустите от root:  sh install.sh'
  exit 77
fi
[ -d /run/systemd/system ] || stop 69 'здесь нет systemd: агент как служба не запустится'

installed_now=no
step 'Установка'
# ALT and RED OS have rpm; a dpkg beside it without packages of its own is a tool there.
if command -v dpkg >/dev/null && [ -s /var/lib/dpkg/status ]; then
  install_deb
elif command -v rpm >/dev/null; then
  install_rpm
else
  stop 69 'не найдено ни dpkg, ни rpm: эта система не поддерживается'
fi
done_step

step 'Регистрация'
before=$(cksum "$data/enrolment.json" 2>/dev/null)
ppe-agent enroll "$stick" "$@"
enrolled=$?
done_step
case $enrolled in
  0) ;;
  75) stop 75 'регистрация ждёт ответа из Штаба (см. выше), потом запустите install ещё раз' ;;
  64) stop 64 'не указано место этого ПК (см. выше)' ;;
  # 1 means at the end that the PC is ready but for some remarks: this one is not.
  1) stop 76 'ПК не зарегистрирован, причина выше' ;;
  *) stop "$enrolled" 'ПК не зарегистрирован, причина выше' ;;
esac

step 'Запуск'
if [ "$installed_now" = no ] && [ "$before" = "$(cksum "$data/enrolment.json" 2>/dev/null)" ] &&
  systemctl is-active --quiet "$unit"; then
  say 'Служба уже работает'
else
  systemctl reset-failed "$unit" 2>/dev/null
  systemctl enable --quiet "$unit" && quietly systemctl restart "$unit" || {
    systemctl status --no-pager --lines=8 "$unit"
    stop 71 'служба не запустилась, причина выше'
  }
  say 'Служба запущена и включена при старте системы'
fi
done_step

# In the Штаб: what the stick brings from PCs without a network gets its answer.
if grep -q '"role":"hq"' "$data/placement.json" 2>/dev/null; then
  for request in "$stick"/*.enrolment-request.json; do
    [ -f "$request" ] || continue
    step 'Запросы с флешки'
    # The relay says by itself which were refused and why.
    ppe-agent import "$stick" || say 'Приняты не все запросы, причина выше'
    done_step
    break
  done
fi

step 'Проверка'
if [ -w "$stick" ]; then
  ppe-agent check --wait 45 --sheet "$stick"
else
  say 'Флешка защищена от записи: лист готовности не записан'
  ppe-agent check --wait 45
fi
checked=$?
# The stick is pulled out next.
sync
done_step

say ''
case $checked in
  0) say 'ГОТОВО. Можно вынимать флешку и идти к следующему ПК.' ;;
  1) say 'ГОТОВО, есть замечания: строки [ !! ] выше. Устраните их до репетиции.' ;;
  2) say 'НЕ ГОТОВО: строки [FAIL] выше. Устраните и запустите install ещё раз.' ;;
  3) say 'НЕ ВСЁ ПРОВЕРЕНО: строки [ ?? ] выше. Подождите минуту и запустите install ещё раз.' ;;
  *) say 'Проверка не выполнена, причина выше.' ;;
esac
show_timings
exit "$checked"
