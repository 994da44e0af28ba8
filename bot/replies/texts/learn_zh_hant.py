"""/learn in Traditional Chinese (Taiwan)."""

from typing import Final

from bot.replies.texts.catalogue import Counted
from bot.replies.texts.learn_catalogue import (
    Callback,
    Clicking,
    Data,
    Flatten,
    Frame,
    Gap,
    Hidden,
    LearnTexts,
    Loss,
    Neuron,
    Normalise,
    Overfitting,
    Photos,
    Pixels,
    Result,
    Rules,
    Softmax,
    Tflite,
    Training,
    Width,
)

TEXTS: Final = LearnTexts(
    short_names=("T恤", "褲子", "毛衣", "連衣裙", "外套", "涼鞋", "襯衫", "運動鞋", "包包", "踝靴"),
    epochs=Counted("{count} 個週期", "{count} 個週期"),
    frame=Frame(
        heading="<b>{title}</b>\n{place}",
        picture="圖中：{picture}",
        first_image="第一張測試圖片",
        your_photo="你的照片",
        no_test_images="這一步要用到測試圖片，現在拿不到，所以沒有圖。其他步驟照常。",
        no_records="這一步要用到訓練紀錄，這台機器上沒有，所以沒有圖。其他步驟照常。",
        no_model="這一步要用到模型，現在沒有可用的模型，所以沒有圖。其他步驟照常。",
        missing="這一步暫時沒有圖",
        list_separator="、",
        clause_separator="；",
        sentence_gap="",
        train="訓練",
        test="測試",
        epoch="週期",
        epoch_number="第 {number} 週期",
    ),
    rules=Rules(
        title="規則寫不完，例子教得會",
        text=(
            "要怎麼向<b>從來沒看過衣服的人</b>介紹衣服？電腦就是這樣的人。最直覺的想法是寫規則：細長的是褲子、扁扁的是"
            "鞋子……我們真的寫了三條，拿 {total}試：只對了 "
            "<b>{percent}</b>。\n\n"
            "連衣裙也細長，涼鞋和包包也扁。每補一條規則，就冒出新的例外，永遠補不完。你當初認得褲子，也不是背規則，"
            "而是看多了。\n\n"
            "機器學習就是這樣：不寫規則，給電腦看很多<b>附上答案的例子</b>，讓它自己找規律；用在圖片上，叫<b>電腦視覺"
            "</b>。{taught}\n\n"
            "接下來一步步看它怎麼辦到的。所有數字都是真的：來自資料、模型，或真的跑過的訓練。"
        ),
        taught="看過例子的模型，在 {number} 張測試圖片上對了 <b>{percent}</b>。",
        picture="三條規則各列出四張猜對的和四張猜錯的。{rules}。",
        rules=("又細又長", "又扁又寬", "其他都算"),
        rule="{rule} → {name}",
        rule_line="{name}：對 {right} 張、錯 {wrong} 張",
        bar_rules="寫三條規則",
        bar_taught="看例子學的模型",
    ),
    data=Data(
        title="教材：附上答案的衣服圖",
        text=(
            "學習要有教材。這份叫 Fashion-MNIST，是一家網路商店的 <b>{total}</b> 張商品圖，縮成小小的灰階圖，"
            "分成十類。\n\n"
            "・<b>{train} 張訓練</b>：模型看著這些學，答案也給它看。\n"
            "・<b>{test} 張測試</b>：收起來不給它看，最後才拿來考試，每類 {in_a_class} 張。\n\n"
            "為什麼要分開？用練習過的題目考試，考一百分也不知道是懂了，還是背下來的。\n\n"
            "每張圖的答案是一個數字，叫<b>標籤</b>。例如第一張測試圖片的標籤是 {label}：{first}。"
            "電腦處理數字最拿手，而且數字不分語言。"
        ),
        picture="每一列是一類，各有 {shown} 張測試圖片：{names}。下方長條比較訓練和測試的張數。",
        train="訓練 {number} 張",
        test="測試 {number} 張",
    ),
    pixels=Pixels(
        title="電腦眼中的圖片",
        text=(
            "電腦看不到鞋子或衣服，它只看得到<b>數字</b>。\n\n"
            "每張圖是 {side}×{side} 個小格子，叫<b>像素</b>，總共 {total} 個。每格一個數字，從 <b>0（全黑）到 "
            "255（全白）</b>，數字越大越亮。\n\n"
            "{subject}有 {black} 格是 0，那是背景；最亮的一格是 {brightest}。\n\n"
            "把圖放大到看得見格子，再把每格換成它的數字，就是模型收到的全部。形狀、花紋、鞋帶，都藏在這些數字裡。"
        ),
        picture=(
            "{subject}，框起來的 {window}×{window} 格放大後寫上數字。左上角是第 {row} 列第 {column} 欄，最上面一排是 "
            "{numbers}。"
        ),
        beside="整張圖就是 {total} 個數字",
        window="綠框裡的數字放大在下面",
        black="0 全黑",
        white="255 全白",
    ),
    normalise=Normalise(
        title="正規化：把數字變小",
        text=(
            "送進模型之前，每個像素都除以 255，讓數字落在 <b>0 到 1</b> 之間。例如{subject}裡的 {before} 變成 "
            "{after}。"
            "圖一點也沒變，只是換了單位，像把公分換成公尺。這叫<b>正規化</b>，課程裡叫標準化。\n\n"
            "為什麼？模型一開始的權重都是很小的數。輸入動輒兩百多，加起來就是很大的數，每次修正都忽大忽小，"
            "像用大腳步走獨木橋。\n\n"
            "課程說，不做就學不好。我們真的量了，同樣的程式跑 {epochs}，測試準確率：\n"
            "・不做：<b>{without}</b>\n"
            "・有做：<b>{with_it}</b>\n"
            "差 {points} 個百分點，只因為除以 255。"
        ),
        picture="上面是六個像素除以 255 前後：{pairs}。下面的折線比較兩次訓練每個週期的測試準確率。",
        chart="測試準確率",
        without="不做",
        with_it="有做",
    ),
    neuron=Neuron(
        title="一個神經元學 Y = 2X + 1",
        text=(
            "給你幾組數字：{points}……你看出規律了嗎？是 <b>Y = 2X + 1</b>。\n\n"
            "一個<b>神經元</b>只會算 Y = wX + b（課程寫成 mX + c）。它不知道 w 和 b，只能猜。"
            "剛才（真的是剛才，這張圖現算的）它亂猜 <b>{first}</b>，誤差平方的平均是 {first_loss}。\n\n"
            "接著重複三件事：\n"
            "1. 算出錯多少，這叫<b>損失</b>。\n"
            "2. 看 w 和 b 往哪邊動，損失會變小。\n"
            "3. 往那邊動一點點。\n\n"
            "這叫<b>梯度下降</b>。走了 {steps} 步，它得到 <b>{last}</b>，損失 {last_loss}。問它{known} X = {asked}，"
            "它答 <b>{answer}</b>，正解是 {truth}。不是剛好，但很接近：它是學來的，不是照公式算的。\n\n"
            "離開再回來，它會從別的地方重新猜。<b>換你出題</b>：用一個數字回覆這則訊息，當作你的 X。"
        ),
        picture="{points} 個黑點是資料。紅線是一開始亂猜的 {first}，灰線是路上，綠線是最後的 {last}。",
        step="步數",
        loss="損失",
        unseen="沒看過的",
        seen="看過的",
        asked="問 X = {x}，它答",
        truth="正解是 {truth}",
        guess="亂猜",
        underway="路上",
        learnt="學會",
    ),
    flatten=Flatten(
        title="攤平：拆成一長條",
        text=(
            "剛才的神經元只收一個數字，圖片卻是 {side}×{side} 的方格。怎麼送進去？\n\n"
            "把第 1 列放好，第 2 列接在後面，第 3 列再接上……像把一件毛衣拆成一條長毛線。"
            "最後是 <b>{total} 個數字排成一排</b>。這一步叫<b>攤平（Flatten）</b>，什麼都不學，只換排法。\n\n"
            "例如{subject}的第 {row} 列，變成第 {start} 到第 {end} 個數字。\n\n"
            "代價是：上下相鄰的兩格，排成一排後隔了 {side} 個位置，模型得自己重新學出誰和誰是鄰居。"
            "之後的卷積神經網路就是為了補這個缺點。"
        ),
        picture="三列用顏色框起來（第 {first} 到第 {last} 列），下面接成一條，最下面是全部 {total} 個數字排成的長條。",
        beside="{side}×{side} 的方格拆成 {total} 個",
        row="第 {row} 列 → 第 {start}–{end} 個",
        three="三列頭尾相接",
        whole="全部 {total} 個數字排成一排",
    ),
    hidden=Hidden(
        title="一整層神經元與 ReLU",
        text=(
            "攤平後的 {inputs} 個數字，同時交給 <b>{neurons} 個神經元</b>，課程叫神經元層（Dense）。"
            "每個神經元都有自己的 {inputs} 個權重，"
            "各乘各的，加起來，再加一個偏移值。光這一層就有 {weights} 個數字要學。\n\n"
            "把一個神經元的權重畫回 28×28，就看得出它在找什麼：綠色的地方亮就加分，橘色的地方亮就扣分。\n\n"
            "加總之後，<b>ReLU</b>（一種激活函式）只做一件事：負的變 0，正的不動。"
            "像一群評審，各看各的，沒看到就安靜，看到才出聲。"
            "少了它，疊再多層也只等於一層。\n\n"
            "{subject}讓 <b>{lit} 個出聲</b>（最大聲 {best}），{dark} 個安靜（最低的 {worst} 變成 0）。"
        ),
        picture=(
            "{neurons} 格是每個神經元在 ReLU 之後的值，{lit} 格亮著，最亮的是第 {strongest} 個，{best}。"
            "上方六張小圖是最大聲四個和最安靜兩個的權重。"
        ),
        relu="ReLU：負的變 0",
        below="← 負的",
        above="正的 →",
        maps="神經元在找什麼（綠：亮了加分；橘：亮了扣分）",
        neuron="第 {number} 個",
        grid="{neurons} 個神經元：{lit} 個出聲，{dark} 個是 0",
    ),
    width=Width(
        title="神經元要幾個才夠？",
        text=(
            "{chosen} 不是公式算出來的，是試出來的。同樣的程式、同樣 {epochs}，只改神經元的數目，我們真的各跑一次：\n\n"
            "・<b>太少</b>：{few} 個，測試 {few_test}。記不住十類的差別，像用兩句話形容所有衣服。\n"
            "・<b>{chosen} 個</b>：測試 {chosen_test}。\n"
            "・<b>很多</b>：{many} 個，測試 {many_test}，可是要學的數字是 {times} 倍，更慢、更大，也更容易背答案。\n\n"
            "多到一個程度，再加就不太有用了。這種訓練前由人決定的數字叫<b>超參數</b>，決定的辦法是：試、量、比較。"
            "也能讓電腦自動試，叫<b>調整超參數</b>；管理員用 <code>python -m training --tune</code> 就能跑。"
        ),
        picture="每列一種寬度，兩條長條是訓練和測試準確率：{lines}。",
        line="{neurons} 個 {test}",
        neurons="神經元",
        weights="要學的數字",
        bars_from="長條從 {low} 畫起",
    ),
    softmax=Softmax(
        title="Softmax：分數變成機率",
        text=(
            "最後一層有十個神經元，一類一個，各給一個<b>分數</b>。分數可以是負的，也沒有上限，"
            "不好懂。拿{subject}來說，它給{name} {score} 分，給{second} {second_score} 分。\n\n"
            "<b>Softmax</b> 把分數變成機率，兩步：\n"
            "1. 每個分數 z 都算成 e 的 z 次方。負的變成很小的正數，大的變得更大。\n"
            "2. 各除以總和。十個加起來剛好 {sum}。\n\n"
            "結果：{name} <b>{share}</b>，{second} {second_share}。分數只多 {lead}，機率卻是 {times} 倍：領先會被放"
            "大。\n\n"
            "小心：機率高不等於一定對，只表示在十類裡它最偏向這一類。{note}"
        ),
        picture="十類由高到低，各有分數、e 的次方和機率的長條：{lines}……",
        line="{name} {score} 分、{share}",
        photo_note="這是課程的小網路算的，它只看過商品圖，看照片常常認錯；最後一步會說為什麼。",
        recipe="e 的分數次方 ÷ 總和",
        recipe_more="十個機率都是正的，加起來 100%",
        score="分數 z",
        power="e 的 z 次方",
        share="機率",
    ),
    loss=Loss(
        title="錯多少？往下坡走",
        text=(
            "模型要進步，先得知道<b>錯多少</b>。損失只看一件事：它給<b>正確答案</b>的機率。給 100%，損失 0；"
            "給得越低，罰得越重。公式是 −ln(機率)，叫<b>交叉熵</b>，是一種損失函式。\n\n"
            "第 {number} 張測試圖片是{actual}，模型說是{said}，給正解的機率只有 {share}，損失 {loss}。\n\n"
            "知道錯多少，就能算每個權重往哪邊調會變好，再各調一點點，這是<b>最佳化器</b>（課程叫優化器）的工作。想像在濃霧裡下山："
            "看不到谷底，只能用腳探哪邊往下。剛才我們在這張圖上真的走了 {steps} 步（只動最後一層），正解的機率升到 "
            "<b>{share_after}</b>，損失降到 {loss_after}。\n\n"
            "課程用的最佳化器叫 <b>Adam</b>，會替每個權重自己調步伐。整個訓練 {epochs}，平均損失從 {first_loss} 降到 "
            "{last_loss}。"
        ),
        picture=(
            "曲線是損失與機率的關係，圓點是這張圖每走一步的位置，損失 {losses}。下面的長條是訓練時每個週期的平均損失。"
        ),
        says="× 模型說：{name}",
        actual="✓ 正確答案：{name}",
        share="給正確答案的機率 {percent}",
        first_loss="損失 {loss}",
        curve="損失 = −ln(機率)",
        x_name="給正確答案的機率",
        step="第幾步",
        share_short="機率",
        loss="損失",
        run="真的訓練時，平均損失逐週期下降",
    ),
    result=Result(
        title="怎麼讀結果",
        text=(
            "把{subject}交給現在的模型，問它兩個<b>形狀</b>：\n"
            "・輸入 <code>{input}</code>：1 張圖、{side} 列、每列 {side} 格。\n"
            "・輸出 <code>{output}</code>：1 張圖、{classes} 個機率。\n"
            "{images}\n"
            "十個機率照順序排，位置就是類別，<b>從 0 數起</b>。最大的在哪一格？程式用 <code>argmax</code> 找：答案是 "
            "<b>{place}</b>：<b>{name}</b>，機率 {share}。\n\n"
            "{check}\n\n"
            "常見的錯：把 argmax 的答案當成機率。它是位置，不是多有把握；有多把握，要看那一格的數字。"
        ),
        picture="十根直條是十類的機率，{shares}。",
        right="答案卡上的標籤是 <b>{label}</b>，{name}：✓\N{NO-BREAK SPACE}答對了！",
        wrong="答案卡上的標籤是 <b>{label}</b>，{name}：✗\N{NO-BREAK SPACE}這次答錯了。",
        no_label=(
            "照片沒有答案卡，對不對由你來說。這裡只看 28×28 像素；回覆照片時，機器人還會請另一個網路看彩色的照片，"
            "兩個合起來說的是：<b>{bot}</b>。"
        ),
        images="・全部測試圖片 <code>{shape}</code>：{number} 張。\n",
        input="輸入形狀",
        output="輸出形狀",
        label="標籤",
        columns="十個機率，位置從 0 數起",
        foot="最大的在第 {place} 格：{name}",
    ),
    training=Training(
        title="訓練：一遍又一遍",
        text=(
            "零件都齊了，現在訓練。每次拿 {batch} 張圖：猜、算損失、把 {weights} 個數字各調一點點。{images} 張全部看"
            "過一遍，"
            "叫<b>一個週期（epoch）</b>，課程叫一趟。課程跑 {epochs}。\n\n"
            "這是真的跑過的紀錄：訓練準確率從第一個週期的 <b>{first}</b> 到最後的 <b>{last}</b>，損失從 {first_loss} "
            "降到 "
            "{last_loss}。{took}\n\n"
            "第一個週期進步最多，後面越來越慢：簡單的先學會，剩下的是難的，像襯衫和外套怎麼分。\n\n"
            "每跑完一個週期，就用沒看過的測試圖片考一次（橘線）。最後測試是 <b>{test}</b>，比訓練低。為什麼？下一步說。"
        ),
        took="當時全部只花了 {seconds} 秒。",
        picture="綠線是訓練準確率，每個週期依序是 {accuracies}；橘線是測試準確率。下面的表列出每個週期的損失。",
        loss="訓練損失",
        train="訓練準確率",
        test_loss="測試損失",
        test="測試準確率",
    ),
    gap=Gap(
        title="為什麼考試分數比較低？",
        text=(
            "想像有人一輩子只看過運動鞋，以為鞋子就長那樣。有一天看到一隻<b>高跟鞋</b>（資料裡算{heel}），他會怎麼說？"
            "他只能從看過的運動鞋裡找最像的，怎麼比都不像。\n\n"
            "模型也一樣。訓練圖片看過很多遍，測試圖片一張也沒看過。訓練準確率 <b>{train}</b>，測試 <b>{test}</b>，"
            "差了 {points} 個百分點。\n\n"
            "所以：\n"
            "・要知道它真正的本事，看<b>測試</b>，不看訓練。\n"
            "・差距不大是正常的；差距很大，就是在背答案。\n"
            "・想讓差距變小，給它看<b>更多樣</b>的例子，比同樣的再看十遍有用。"
        ),
        picture=(
            "上排是運動鞋，中間是一隻高跟鞋和資料裡最像它的運動鞋，下排是模型答錯的測試圖片：{mistakes}……"
            "最下面的長條比較訓練和測試準確率。"
        ),
        mistake="{actual}看成{said}",
        seen="只看過這些",
        meets="有一天遇到這個",
        most_like="看過的裡面最像的是",
        no_match="差太多了！",
        mistakes="模型在測試時也會這樣（✓ 正解　× 模型說）",
    ),
    callback=Callback(
        title="夠好就停：回呼",
        text=(
            "該跑幾個週期？不必先猜。訓練程式可以在<b>每個週期結束時</b>叫你一聲，讓你看看成績再決定，這叫"
            "<b>回呼（callback）</b>，像請人水開了喊你。\n\n"
            "課程的約定是：訓練準確率超過 <b>{target}</b> 就停，最多 {planned}。\n\n"
            "{said}\n\n"
            "省下時間，也少背一點答案。不過這裡看的是<b>訓練</b>成績，它高不代表考試高；更好的做法是盯著沒看過的圖片，"
            "成績不再進步就停，叫 early stopping。\n\n"
            "自己試：在 /train 選最多的趟數，再把「到 {target} 就停」改成「要」。"
        ),
        stopped="真的紀錄：第 <b>{number}</b> 個週期結束時達到 {accuracy}，停！省下 {saved}。",
        never="真的紀錄：跑完 {epochs}，最高只到 {best}，一直沒有喊停。",
        picture="訓練準確率的曲線，紅色虛線是 {target}。標出的是第 {number} 個週期，{accuracy}。",
        curve="訓練準確率",
        mark="第 {number} 個週期停：{accuracy}",
        rule_name="回呼做的事",
        rule=("每個週期結束時：", "看一眼訓練準確率", "超過 {target} 嗎？", "是 → 停止訓練"),
    ),
    overfitting=Overfitting(
        title="讀太多遍：過擬合",
        text=(
            "{short}不夠，那跑 {long}呢？兩次都真的跑過：\n\n"
            "・{short}：訓練 {short_train}、測試 {short_test}，差 {short_gap} 個百分點。\n"
            "・{long}：訓練 <b>{long_train}</b>、測試 <b>{long_test}</b>，差 <b>{long_gap}</b> 個百分點。\n\n"
            "訓練成績一路往上，測試卻早早停住。多出來的分數是<b>背</b>來的：它開始記住每張圖的小瑕疵，而不是衣服的樣"
            "子。"
            "這叫<b>過擬合（overfitting）</b>，課程叫過度擬合，像把考古題的答案背熟，換一份考卷就不行。\n\n"
            "損失看得更清楚：測試損失在第 {turn} 個週期最低（{lowest}），之後反而升到 {end}。它不只會錯，還錯得很有自"
            "信。\n\n"
            "對策：早點停、多一點資料、把圖翻轉或遮住一塊再給它看。後兩樣這個機器人的模型都用上了。"
        ),
        picture=(
            "上圖是 {number} 個週期的準確率，訓練（綠）到 {train}，測試（橘）停在 {test}；下圖是損失，測試損失先降後"
            "升。"
        ),
        accuracy="準確率",
        loss="損失（越低越好）",
        short="第 {number} 週期",
        turn="第 {number} 週期最低",
    ),
    tflite=Tflite(
        title="TFLite：裝進小機器",
        text=(
            "訓練好的模型要放進手機或小主機，就要<b>變小、變快</b>。TensorFlow Lite 做三件事：\n"
            "・丟掉只有訓練才用的部分，只留下從圖算到機率的路。\n"
            "・把權重從 32 位元的浮點數，改成 8 位元的整數。準確率幾乎沒變。\n"
            "・換成不需要整套 TensorFlow 的小程式來跑。\n\n"
            "{course}{smaller}現在看 28×28 像素的就是這個檔案，<b>{size}</b>。\n\n"
            "速度？剛才用它認了 {times} 次，一張的中位數是 <b>{time}</b>，等於一秒能認大約 {a_second} 張。"
            "你等的那一秒，多半花在傳照片、找衣服在哪裡、看顏色。"
        ),
        smaller="這個機器人的 Keras 檔是 {keras}，轉成 TFLite 是 {tflite}，差了 {share} 倍。",
        course="課程的網路有 {weights} 個數字，用浮點數存要 {float_size}，轉成 TFLite 只要 {byte_size}。",
        picture="長條比較檔案大小，在用的 TFLite 檔是 {size}；下面是剛才量的時間，一張 {time}。",
        files="這個機器人的模型檔",
        keras="Keras（訓練用）",
        tflite="TFLite（在用的）",
        weights="課程網路的 {weights} 個數字",
        floats="32 位元浮點數",
        bytes="TFLite 檔",
        time_title="認一張圖的時間，剛才量的",
        time_note="認 {times} 次的中位數，最慢的一次 {slowest}",
    ),
    clicking=Clicking(
        title="25 張圖的網頁：點一張看看",
        text=(
            "模型裝好了，要讓人用得到，還差一個畫面。課程最後做了一個網頁：從 {total} 張測試圖片裡<b>隨機選 {images} "
            "張</b>"
            "不重複的，排成 5×5，點哪一張，旁邊就放大哪一張。\n\n"
            "旁邊寫三件事：\n"
            "・<b>預測</b>：十個機率裡最大的那一類。\n"
            "・<b>實際</b>：標籤說的。\n"
            "・<b>信心分數</b>：十類各自的機率，畫成十條長條。\n\n"
            "網頁會記住這 {images} 張，要按「換一批」才會換；不然每點一下就全部換掉，看完一張就找不到下一張了。\n\n"
            "圖中這 {images} 張是剛才隨機選的，也替你點了一張："
            "預測<b>{predicted}</b>（{share}），實際<b>{actual}</b>，{verdict}。"
            "想自己點，請按 /gallery。"
        ),
        picture="左邊是 {images} 張測試圖片，框起來的是第 {place} 張；右邊放大它，下面是十類的信心分數：{shares}。",
        right="✓\N{NO-BREAK SPACE}答對了",
        wrong="✗\N{NO-BREAK SPACE}答錯了",
        predicted="預測：{name}",
        actual="實際：{name}",
        shares="信心分數",
    ),
    photos=Photos(
        title="換成手機照片，為什麼就不行？",
        text=(
            "課程的模型考試成績不錯，但拿{photo}給它，它卻說是<b>{course}</b>（{course_share}）。{measured}\n\n"
            "它沒壞，是<b>題目變了</b>。教材裡的衣服亮、背景全黑、剛好塞滿；照片有地板、影子、手，整張都不是黑的。"
            "塞滿畫面的東西，它只學過包包。\n\n"
            "這個機器人的做法：\n"
            "1. 先<b>找出衣服在哪裡</b>，把背景塗黑。\n"
            "2. 黑白反過來、調好明暗、縮到 28×28，變成教材的樣子。\n"
            "3. 訓練時也給它看真的照片，看歪的、暗的、缺一角的。\n"
            "4. 再請另一個網路看<b>彩色</b>的衣服，兩個意見合起來：針織、領子、拉鍊，在 28×28 裡看不清楚。\n"
            "5. 沒把握就說沒把握。\n\n"
            "同一張照片，這個機器人說：<b>{bot}</b>。完整的成績在 /accuracy。"
        ),
        picture=(
            "左邊是照片；右上是課程的做法，連背景一起縮小；右下是這個機器人的做法，只留下衣服；最下面比較兩者的準確率。"
        ),
        yours="你的照片",
        pretended="一張合成的「照片」（把測試圖片貼在地板上）",
        answer="{name}，{share}",
        unsure="不確定，{first} {first_share} 或{second} {second_share}",
        no_answer="沒有下結論",
        course_measured=(
            "拿 {photos}真的量過，只答對 <b>{accuracy}</b>，而且 {share} 都說是{favourite}，平均還有 {confidence} 的"
            "信心。"
        ),
        bot_measured=(
            "這個機器人在模型沒看過的 {people}、{photos}上答對 <b>{accuracy}</b>（95% 信賴區間 {low}–{high}）。"
        ),
        photo="照片",
        course_way="課程的做法：整張縮小",
        bot_way="這個機器人的做法：只留衣服",
        says="答案",
        says_both="兩個網路的答案",
        bars="真實照片的準確率",
        bar_course="課程的模型和做法",
        bar_bot="這個機器人",
    ),
)
