"""Traditional Chinese (Taiwan), the bot's first language."""

from typing import Final

from bot.replies.texts.catalogue import (
    Accuracy,
    Admin,
    Album,
    Basics,
    Buttons,
    Corrections,
    Counted,
    Faults,
    LanguageChoice,
    Learn,
    Menu,
    Photo,
    Pictures,
    Problems,
    TestImages,
    Texts,
    Toasts,
    Units,
    Why,
)
from bot.vision.labels import CLASS_NAMES


def _counted(text: str) -> Counted:
    return Counted(one=text, other=text)


TEXTS: Final = Texts(
    language_name="繁體中文",
    class_names=CLASS_NAMES,
    units=Units(
        photos=_counted("{count} 張照片"),
        images=_counted("{count} 張圖"),
        people=_counted("{count} 人"),
        corrections=_counted("{count} 筆更正"),
        seconds=_counted("{count} 秒"),
        minutes=_counted("{count} 分鐘"),
        hours=_counted("{count} 小時"),
        days=_counted("{count} 天"),
        years=_counted("{count} 年"),
        records=_counted("{count} 筆資料"),
        date="{year} 年 {month} 月 {day} 日",
        months=tuple(str(month) for month in range(1, 13)),
        list_separator="、",
    ),
    menu=Menu(
        start="開始使用",
        help="怎麼用、怎麼拍比較好認",
        sample="隨機看一張測試圖片",
        gallery="看 25 張測試圖片，逐張點開",
        accuracy="準確率與混淆矩陣",
        learn="一步步看電腦怎麼學會認衣服",
        language="切換語言 / Language",
        privacy="保留什麼、保留多久",
        forget="刪除你的所有資料",
        classify="辨識照片：回覆一張照片，或寫在照片說明裡",
        status="執行狀態",
        reload="立刻載入新模型",
        corrections="審核更正",
        name="這是什麼衣服？",
        description=(
            "傳一張衣物的照片給我，我會說它是 T恤、褲子、毛衣、連衣裙、外套、涼鞋、襯衫、運動鞋、包包還是踝靴，"
            "有多確定，也讓你看到模型究竟看見了什麼。不確定時，我會直接說不確定。\n\n"
            "照片只在辨識時使用，沒有你的同意就不保留。"
        ),
        short_description="傳一張衣物照片，我說出它是什麼、有多確定，也讓你看模型看見了什麼。",
    ),
    basics=Basics(
        start=(
            "<b>你好！傳一張衣物的照片給我。</b>\n"
            "大約一秒後，我會說它是什麼、有多確定，也讓你看到模型看見了什麼。\n\n"
            "我認得十類：{classes}。\n\n"
            "<b>最好認的照片</b>：只拍一件，攤平、掛好或穿在身上都可以，背景單純些。\n\n"
            "手邊沒有照片？試試 /sample 和 /gallery。想知道我怎麼學會的，請看 /learn。\n"
            "我會看錯，不確定時也會直說。照片怎麼處理，請看 /privacy。"
        ),
        help=(
            "<b>傳照片</b>：我會圈出我判斷的那件衣物，附上模型看到的 28×28 像素和十類的機率。"
            "機率綜合兩個模型的看法：一個看這些像素，另一個看衣物的彩色照片。\n"
            "・照片或圖片檔都可以，一個檔案最多 20 MB。\n"
            "・一次傳好幾張（相簿），我會合在一則回覆裡。\n"
            "・一個人身上穿了好幾件時，可以用按鈕換另一件。\n"
            "・看錯了，請按「更正」；好奇原因，請按「為什麼」。\n\n"
            "<b>怎麼拍比較好認</b>：一次一件，拍到整件，光線充足，背景和衣物的顏色不要太接近。\n\n"
            "<b>指令</b>\n"
            "/sample　隨機看一張測試圖片\n"
            "/gallery　25 張測試圖片，逐張點開\n"
            "/accuracy　準確率與混淆矩陣\n"
            "/learn　一步步看電腦怎麼學會認衣服\n"
            "/language　切換語言\n"
            "/privacy　保留什麼、保留多久\n"
            "/forget　刪除你的所有資料\n\n"
            "<b>在群組裡</b>：用 /classify 回覆一張照片，或把它寫在照片說明裡；提到我也可以。其他訊息我不會回應。"
        ),
        help_admin="<b>管理者</b>\n/status　執行狀態\n/reload　立刻載入新模型\n/corrections　審核更正",
        privacy=(
            "<b>隱私</b>\n\n"
            "<b>你傳來的照片</b>只在記憶體裡辨識，回覆完就丟掉，不會存檔，也不會拿去訓練。\n\n"
            "<b>你第一次更正時</b>，我會問你要不要保留照片。你同意了，之後按「對了」或更正的照片才會保留："
            "縮到 640 像素以內、去掉拍攝資訊的照片，你選的類別，模型當時的答案和模型版本。"
            "用途只有一個：訓練下一版模型，而且要先經過管理者審核。"
            "不同意的話，我只記得你不同意，免得每次都問；更正只算次數，看不出是誰。\n\n"
            "<b>保留多久</b>：審核通過的照片最多 {accepted}，還沒審核的 {pending}，退回的 {rejected}；每人最多 "
            "{photos}。"
            "你的同意或不同意也在 {consent_kept}後失效。你隨時可以用 /forget 全部刪除，並收回同意。"
            "已經訓練好的模型改不回去，但下一次訓練不會再用到你的照片。\n\n"
            "<b>其他</b>：我不存你的名字或 Telegram 帳號，只用一組金鑰算出的代碼來找到你的資料和你選的語言。"
            "語言保留 {language_kept}。為了不漏掉也不重複回覆，收到的訊息最多暫存 {updates}。記錄檔不含個人資料。\n\n"
            "{consent}"
        ),
        privacy_consent_given=(
            "你目前：<b>同意</b>保留按過「對了」或更正過的照片，現在存有 {photos}。要收回同意並刪除照片，請用 /forget。"
        ),
        privacy_consent_refused=(
            "你目前：<b>不同意</b>保留照片，這裡沒有你的照片，更正時也不再問你。改變主意了？按下面的按鈕，"
            "下次更正時我會再問一次。"
        ),
        privacy_consent_not_given="你目前：<b>沒有</b>同意保留照片，這裡沒有你的照片。",
        privacy_consent_unknown="你目前的選擇現在讀不到，因為資料庫暫時連不上。請過一會兒再輸入 /privacy。",
        unknown_text="我看的是照片。請傳一張衣物的照片給我，或按 /sample 看一張測試圖片；所有用法在 /help。",
        unknown_command="我沒有這個指令。所有用法在 /help。",
        sticker="貼圖很可愛，可是我只會看照片。請傳一張衣物的照片給我。",
        voice="我聽不懂聲音，只會看照片。請傳一張衣物的照片給我。",
        video="我還不會看影片。請從裡面截一張圖，當成照片傳給我。",
        animation="會動的圖我看不了。請傳一張靜止的照片給我。",
        other="這個我不會看。請傳一張衣物的照片給我；所有用法在 /help。",
        classify_usage="請用 /classify 回覆一張照片，或把 /classify 寫在照片的說明裡。",
    ),
    problems=Problems(
        not_an_image="這個檔案不是我能讀的圖片。請傳 JPEG、PNG、WebP、HEIC 之類的照片。",
        damaged="這張圖片好像壞了，讀到一半就讀不下去。請重新傳一次，或換一張。",
        too_many_bytes="這個檔案超過 20 MB，機器人無法下載。請直接當成照片傳（Telegram 會自動縮小），或先縮小再傳。",
        too_many_pixels="這張圖片的像素太多了。請縮小後再傳，或直接當成照片傳，Telegram 會自動縮小。",
        too_slow="這張圖片花太久還沒讀完，我先停下來了。請換一張，或直接當成照片傳。",
        too_much_memory="讀這張圖片需要的記憶體太多，我先停下來了。請縮小後再傳，或直接當成照片傳。",
        unreadable="這張圖片我讀不了。請換一張，或直接當成照片傳。",
    ),
    faults=Faults(
        error="出了點問題，這次沒能回答。請再試一次；如果一直這樣，請把代碼 <code>{error_id}</code> 告訴管理者。",
        download_failed="Telegram 沒把這張照片交給我。請過一會兒再傳一次。（代碼 <code>{error_id}</code>）",
        no_model="現在沒有可用的模型，所以還不能辨識。管理者放好模型後就可以了，請晚點再傳。",
        no_test_images="現在拿不到測試圖片，所以這個功能暫時不能用。傳照片給我還是可以辨識的。",
        no_card="目前的模型沒有附上成績單，所以說不出準確率。按下面的按鈕，我可以現在量一次。",
        store_away="資料庫暫時連不上，這個動作沒有存下來。請過一會兒再試；辨識照片不受影響。",
        photo_gone="找不到原來那張照片了，可能已經被刪除。請再傳一次。",
        queue="收到了，前面還有 {photos}，大約要等 {wait}。",
        over_limit="十分鐘內我最多看 60 張。這次有 {photos}沒看，請在 {wait}後再傳一次。",
    ),
    photo=Photo(
        sure="這是<b>{name}</b>，信心 {percent}。",
        unsure=(
            "我不太確定：可能是<b>{first}</b>（信心 {first_percent}），也可能是<b>{second}</b>（{second_percent}）。"
        ),
        no_garment="我在這張照片裡看不出單獨一件衣物，所以不下結論。請試試只拍一件、背景單純的照片。",
        other_clothing="這看起來是衣物，但不屬於我認得的十類；短褲、帽子、裙子都不在裡面。",
        low_quality="框線是我判斷的範圍，可能沒有圈好。換個單純的背景會準一些。",
        several="照片裡不只一件衣物，現在判斷的是框線裡的這件（{number}/{count}），用按鈕可以換。",
        several_no_winner="框線裡是我試的第 {number} 個範圍，一共 {count} 個，用按鈕可以換。",
        all_ten="十類的機率：",
        picture_sure="圖中：框線圈出判斷的衣物，旁邊是模型看到的 28×28 像素，下面是十類的長條圖。",
        picture_no_winner="圖中：框線是我試著判斷的範圍，旁邊是模型看到的 28×28 像素，下面的十個機率僅供參考。",
        colours="機率不只來自這 28×28 像素，也來自彩色的照片。",
        model_changed="那之後模型換過了，所以答案可能和上面不同。",
    ),
    album=Album(
        title="<b>這 {photos}我看到的是</b>（每張列出兩個可能）：",
        line_sure="{number}. <b>{first}</b> {first_percent}，{second} {second_percent}",
        line_unsure="{number}. 不確定：{first} {first_percent}，{second} {second_percent}",
        line_no_garment="{number}. 看不出單獨一件衣物（{first} {first_percent}，{second} {second_percent}）",
        line_other_clothing="{number}. 是衣物，但不在十類裡（{first} {first_percent}，{second} {second_percent}）",
        line_unreadable="{number}. 讀不了這張圖片",
        left_out="另外 {photos}超過十分鐘 60 張的上限，請晚點再傳。",
        hint="按數字看那一張的十類機率。",
        picture="圖中：相簿的照片依序編號，框線圈出判斷的衣物。",
        item="<b>第 {number} 張</b>",
        item_hint="想更正或問為什麼，請把這張單獨傳一次。",
    ),
    test_images=TestImages(
        right="答對了",
        wrong="答錯了",
        facts="預測：<b>{predicted}</b>（信心 {percent}）\n正確答案：<b>{actual}</b>\n結果：<b>{result}</b>",
        picture="圖中：10,000 張測試圖片裡的第 {number} 張，28×28 像素放大，下面是十類的長條圖。",
        gallery=(
            "<b>25 張測試圖片</b>，從 10,000 張裡隨機挑出，模型沒有用它們訓練過。\n按數字，看模型把那一張當成什麼。"
        ),
        gallery_wrong=(
            "<b>模型答錯的測試圖片</b>，一共 {total} 張，這裡隨機挑出 {images} 張。\n按數字，看模型把那一張當成什麼。"
        ),
        gallery_picture="圖中：28×28 像素的衣物圖片排成方格，左上角是編號。",
        gallery_none_wrong="模型在測試圖片裡沒有答錯的，所以沒有可以挑的。",
        gallery_preparing="正在找出模型答錯的圖片，請稍等幾秒。",
    ),
    accuracy=Accuracy(
        title="<b>這個模型有多準？</b>",
        test="測試圖片：<b>{percent}</b>（{images}，模型沒看過）",
        train="訓練圖片：{percent}",
        gap="差距：{points} 個百分點。差距越大，越像是背答案而不是學會了。",
        photos="真實照片：<b>{percent}</b>（{people}、{photos}，都是模型沒看過的人；95% 信賴區間 {low}–{high}）",
        photos_missing="真實照片：這個模型沒有量過。",
        photos_in_colour="看照片時，另有一個模型看彩色的衣物，答案由兩個模型合起來；測試和訓練圖片只用這個模型。",
        calibration="信心與實際答對率平均差 {points} 個百分點。",
        recall="每一類找對多少（測試圖片／真實照片）：",
        recall_test="每一類找對多少：",
        model="模型 {version}",
        model_separator="，",
        history="上線過的模型（測試圖片／真實照片）：",
        history_line="{date}　{test} / {photos}",
        history_test_only="{date}　{test}",
        other_file="注意：正在用的是 {version}，和這份成績單對不上，以下數字屬於另一個檔案。可以按「現在重新測量」。",
        picture="圖中：10×10 的混淆矩陣，列是正確答案，欄是模型的預測，對角線是答對的張數。",
        measuring="正在用目前的模型重新看全部 {total}…\n{percent}　{done} / {total_number}",
        measured="<b>剛剛量到：{percent}</b>（{total}，答對 {right}，用了 {time}）",
        measured_same="和成績單上的一樣。",
        measured_changed="成績單上寫的是 {percent}。",
        already_measuring="已經有人在量了，結果會一起給你。",
        not_measured="–：沒有這一類的照片可以量。",
        measuring_done="量完了：全部 {total}都看過一遍，結果在下面。",
        pairs_title="<b>最常搞混的</b>",
        pair="{actual} 看成 {predicted}：{count}",
        pairs_picture="圖中：每一列是一種搞混的情形，附上幾張例子。",
        no_pairs="全部答對，沒有搞混的。",
    ),
    why=Why(
        title="<b>為什麼是{name}？</b>",
        parts="最支持這個答案的是衣物的{parts}：把那裡遮成灰色，{name}的機率就從 {before} 降到 {after}。",
        spread="沒有哪個部位特別關鍵：遮住任何一處，答案都差不多，看的是整體。",
        second_more="少了{parts}，它會更像{second}：把那裡遮成灰色，{second}就從 {before} 升到 {after}。",
        second_none="第二可能的{second}只有 {percent}，遮住任何一處也不會變成它。",
        picture="圖中：顏色越深的地方，對這個答案越重要。",
        method="做法：一次又一次隨機把衣物的五分之一遮成灰色，再問一遍，看遮住哪裡機率掉最多。",
        colours="28×28 像素和彩色照片遮的是同一塊。",
        no_garment="這張照片沒有下結論，這裡看的是機率最高的{name}。",
        places=("左上", "上方", "右上", "左側", "中間", "右側", "左下", "下方", "右下"),
    ),
    corrections=Corrections(
        pick="那它其實是哪一類？",
        consent=(
            "謝謝！你說這是<b>{name}</b>。\n\n"
            "<b>可以保留這張照片，用來訓練下一版模型嗎？</b>\n"
            "・保留的是縮小到 640 像素以內、去掉拍攝資訊的照片，你選的類別，和模型當時的答案。\n"
            "・通過管理者審核後才會用來訓練，不會公開。\n"
            "・最多保留 {kept}。隨時可以用 /forget 全部刪除。\n\n"
            "同意以後，你按「對了」或更正的照片也會這樣保留；不同意也沒關係，一切照常。"
            "我只問這一次，想改變主意請看 /privacy。"
        ),
        kept="謝謝！照片和「{name}」已經存好，通過審核後會用來訓練。要全部刪除，請用 /forget。",
        counted="謝謝！只記了一次更正，沒有保留照片。",
        refused="謝謝！只記了一次更正，沒有保留照片。以後的更正也是這樣，不再問你；想改變主意，請看 /privacy。",
        undone="已經取消這筆更正，存下的照片也刪掉了。",
        nothing_to_undo="這筆更正已經不在了，沒有可以取消的。",
        full="謝謝！不過能保留的照片數已經滿了，這次只記了次數。",
        not_stored="謝謝！可是這張照片現在讀不到，這次只記了次數。",
        forgotten="都刪除了：{records}，其中有 {photos}。同意也一併收回。",
        in_private="這些指令請在和我的私訊裡輸入。",
        forgotten_without_photos="都刪除了：{records}，裡面沒有照片。",
        nothing_to_forget="這裡沒有你的資料，沒有需要刪除的。",
    ),
    language=LanguageChoice(
        choose="要用哪一種語言？",
        chosen="好，之後用繁體中文。",
    ),
    learn=Learn(
        step="第 {number} 步，共 {total} 步",
        finished="你走完了！現在傳一張自己的照片試試看。",
        try_it="請用一張衣物的照片回覆這則訊息，這一步就會改用你的照片。",
    ),
    admin=Admin(
        status=(
            "<b>執行狀態</b>\n"
            "已執行：{uptime}\n"
            "程式：{version}，{runtime}\n"
            "模型：{model}\n"
            "排隊中：{queue}\n"
            "已回答：{answered}\n"
            "{latency}\n"
            "錯誤：{errors}\n"
            "資料庫：{store}"
        ),
        status_store="{kind}，{corrections}",
        status_store_away="{kind}，連不上",
        status_latency="回覆時間：中位數 {p50}、p95 {p95}、p99 {p99}",
        status_no_latency="回覆時間：還沒有資料",
        status_never="無",
        reload_new="已換上新模型 {version}。",
        reload_same="沒有新模型，繼續用 {version}。",
        reload_refused="新模型不能用，繼續用 {version}。原因：<code>{reason}</code>",
        corrections_title="<b>待審核</b>：還有 {corrections}",
        correction="使用者說：<b>{name}</b>\n模型當時說：{predicted}（{percent}），版本 {version}\n日期：{date}",
        corrections_none="沒有待審核的更正。",
        accepted="已採用，下次訓練會用到。",
        rejected="已退回，不會用來訓練；期滿後自動刪除。",
        already_decided="這一筆已經審核過，或已被使用者刪除。",
        model_refused="模型檔不能用，繼續用 {version}。原因：<code>{reason}</code>",
        model_now="新模型上線了：{version}。",
        error_notice=(
            "出現錯誤：<code>{kind}</code>，最近一次的代碼 <code>{error_id}</code>。同一種錯誤十分鐘內只通知一次。"
        ),
    ),
    buttons=Buttons(
        right="✅ 對了",
        candidate="✅ {name}",
        correct="✏️ 更正",
        why="🔍 為什麼",
        other_garment="換另一件（{number}/{count}）",
        back="← 返回",
        consent_yes="同意保留",
        consent_no="不要保留",
        ask_again="下次更正時再問我",
        undo="取消這筆更正",
        another_sample="再看一張",
        new_gallery="換一批",
        only_wrong="只看答錯的",
        all_images="看全部",
        back_to_gallery="← 回到 25 張",
        overview="← 回到總覽",
        measure_again="現在重新測量",
        learn_back="← 上一步",
        learn_next="下一步 →",
        learn_try="用我的照片試試",
        learn_again="從頭開始",
        gallery="看 25 張測試圖片",
        learn="看我怎麼學會的",
        accept="✅ 採用",
        reject="退回",
        next="下一筆 →",
        previous="← 上一筆",
    ),
    toasts=Toasts(
        thanks="謝謝你告訴我！",
        kept="謝謝！這張照片存好了。想取消，請按「取消這筆更正」。",
        will_ask="好，下次更正時會再問你。",
        undone="已經取消。",
        model_changed="那之後模型換過了，這次用新的模型回答。",
        not_yours="只有傳這張照片的人可以按這個按鈕。",
        outdated="這個按鈕太舊了，請再傳一次照片或重新輸入指令。",
        working="處理中，請稍等。",
        busy="上一個動作還沒完成，請稍等。",
        language="已切換成繁體中文。",
        failed="出了點問題，請再試一次。（代碼 {error_id}）",
    ),
    pictures=Pictures(
        sure="確定",
        unsure="不確定",
        no_garment="不下結論",
        other_clothing="十類以外",
        alternative="或{name}",
        title_no_garment=("看不出", "單獨一件衣物"),
        title_other_clothing=("是衣物", "但不在十類裡"),
        model_saw="模型看到的 28×28",
        judged="框線：判斷的範圍",
        low_quality="範圍可能沒圈好",
        no_answer="僅供參考",
        test_image="測試圖片 {number}",
        predicted="預測",
        actual="正確答案",
        right="答對",
        wrong="答錯",
        gallery="測試圖片",
        gallery_wrong="答錯的測試圖片",
        contact_sheet="相簿",
        unreadable="讀不了",
        confusion="混淆矩陣",
        confusion_rows="列：正確答案",
        confusion_columns="欄：模型的預測",
        confusion_legend="綠色對角線是答對的，橘色是答錯的；顏色越深，張數越多",
        pairs="最常搞混的",
        pair="{actual} 看成 {predicted}",
        why="哪些地方支持：{name}",
        why_more="越深越重要",
        why_less="不影響",
    ),
)
