"""The course's program, explained in Traditional Chinese (Taiwan)."""

from typing import Final

from bot.replies.texts.code_catalogue import CodeTexts

TEXTS: Final = CodeTexts(
    notes={
        "start": (
            "程式從這幾行開始：numpy 算數字，TensorFlow 訓練神經網路，<code>EPOCHS</code> 是訓練圖片要看幾遍，"
            "要改就改這一個地方。\n\n"
            "<code>by_rules</code> 就是剛才那三條規則：找出亮的像素，量高和寬，再猜是哪一類。\n\n"
            "換個角度想：要怎麼向從來沒看過衣服的人介紹衣服？用規則講不完。人是看了很多圖片，"
            "知道每一樣是什麼、怎麼用，才學會的。讓電腦也從大量圖片裡學，就是<b>電腦視覺（computer vision）</b>。"
        ),
        "data": (
            "資料集在 TensorFlow 裡就有，<code>load_data()</code> 會下載，而且已經自動切好：{train} 張訓練圖片和 "
            "{train} "
            "個標籤，{test} 張測試圖片和 {test} 個標籤，一共 {total} 張，都是 28×28 的單色圖。\n\n"
            "十個名字照標籤 0 到 9 排好，用標籤當位置就查得到名字。最後一行拿第一張測試圖片問剛才的規則，"
            "和標籤比一比：規則看走眼了。"
        ),
        "pixels": (
            "<code>shape</code> 是形狀，<code>dtype</code> 是每一格的型別：<code>uint8</code> 是 8 位元的整數，"
            "所以從 0 到 255。單色圖一格只有一個數字；彩色要三個，紅、綠、藍。\n\n"
            "最後一行印出其中一列的 28 個數字，圖片就是 28 列這樣的數字。"
        ),
        "normalise": (
            "整個陣列一次除完，不必一格一格來。訓練圖片和測試圖片要做一樣的事。\n\n"
            "這叫正規化，課程寫成<b>標準化（normalizing）</b>：網路學得更有效率；不做，可能訓練不起來，"
            "或是訓練時錯得很多。剛才那一步有真的量過的數字。"
        ),
        "neuron": (
            "只有一層、一層只有一個神經元的神經網路，就是這條一元一次方程式。課程寫成 Y = mX + c：m 是<b>權重（weight）"
            "</b>，"
            "c 是<b>偏移值（bias）</b>，也就是前面的 w 和 b。<code>fit</code> 用 <code>sgd</code>（梯度下降）讓誤差平"
            "方的"
            "平均變小。\n\n"
            "認衣服也是同一件事，只是數字變多：X 是 784 個像素（28×28），每個 0 到 255；Y 是 0 到 9，一共十類。\n\n"
            "想問別的 X？用一個數字回覆這一步，例如 <code>-7.5</code>，剛學會的神經元就會回答。"
        ),
        "flatten": (
            "每張圖是 28×28 的二維陣列，<code>Flatten</code> 轉成 784 個數字的一維陣列，所以它是網路的第 1 層："
            "<b>輸入層</b>。形狀最前面的 1 是張數，一次可以送很多張。"
        ),
        "hidden": (
            "第 2 層是<b>隱藏層</b>。<code>Dense</code>（密集）是說：每個神經元都連到前一層的所有數字。設定 128 個神經"
            "元，"
            "就有 128 個輸出，像訓練時可以暫存 128 個參數的地方。\n\n"
            "<b>激活函式（activation function）</b>是每個神經元算完總和以後執行的演算法。<code>relu</code> 是 "
            "rectified linear unit，中文叫整流線性單位函式，也叫修正線性單元：大於 0 的才傳給下一層。"
            "最後一行拿五個數字試給你看。"
        ),
        "width": (
            "整個網路就這三層。<code>build</code> 把神經元的數目留成參數，<code>count_params()</code> 數出要學的數"
            "字。\n\n"
            "為什麼是 128？可以是任意數。太多，訓練變慢，也容易<b>過度擬合（overfitting）</b>；太少，內部的參數不夠。"
            "選到剛好的數目很重要，找它的工作叫<b>超參數調整（hyperparameter tuning）</b>。"
        ),
        "softmax": (
            "第 3 層是<b>輸出層</b>：圖片分成十類，所以有十個神經元，各自從上一層得到這一類的分數。softmax 讓每個數字"
            "都落在 "
            "0 和 1 之間、總和是 1，而且凸顯最大的那一個。\n\n"
            "這幾行用 numpy 驗算，七個分數就是課程用的那七個。"
        ),
        "loss": (
            "<code>compile</code> 指定三件事：\n"
            "・<code>optimizer</code>，最佳化器（課程叫優化器）：<code>adam</code>，怎麼調權重。\n"
            "・<code>loss</code>，損失函式：<code>sparse_categorical_crossentropy</code>，怎麼算錯多少。sparse 是說"
            "答案直接給標籤 0 到 9，不必先排成十個 0 和 1。\n"
            "・<code>metrics</code>：訓練時順便看準確率。\n\n"
            "目標是：輸入 28×28 個像素，中間的神經元用權重和偏移值（m 和 c）把它們組合起來，對應到十類裡的一類。"
        ),
        "training": (
            "一行就開始訓練。<code>epochs</code> 是學習的次數，課程叫「趟」。\n\n"
            "進度列上的 {steps} 從哪裡來？每一步拿 {batch} 張圖片，{train} ÷ {batch} = {steps}，所以一趟有 {steps} 步。"
            "每一步都是：猜、對照標籤、用損失函式量錯多少、最佳化器更新一次權重。神經元一開始是隨機的，"
            "所以每次訓練的數字都會差一點點。"
        ),
        "gap": (
            "<code>evaluate</code> 用 {test} 張測試圖片考試，只考不學。也是一次 {batch} 張，{test} ÷ {batch} 除不盡，"
            "最後一批不滿也算一步，所以是 {test_steps} 步。\n\n"
            "它傳回兩個數字：<b>[損失, 準確率]</b>，先是 compile 的 loss，再來是 metrics。\n\n"
            "評估的準確率一般比訓練時低：訓練的圖片學過很多次，評估的圖片從來沒看過，模型會有疑惑。"
        ),
        "result": (
            "<code>predict</code> 對每張圖片給十個機率，所以進去 {test} 張 28×28，出來是 {test} 列、每列十個，標籤也有"
            " {test} "
            "個。\n\n"
            "<code>classifications[0]</code> 是第一張的十個數字，每個就是那一類的機率；<code>e-01</code> 表示乘以 10 "
            "的 −1 "
            "次方。<code>np.argmax</code> 找出最大的在第幾個，也就是預測的類別；<code>test_labels[0]</code> 是實際的類"
            "別。"
        ),
        "overfitting": (
            "同樣的網路從頭再來，這次 {long} 趟。{epochs} 趟是：神經元隨機開始，看標籤，用損失函式量，"
            "最佳化器更新，這樣循環 {epochs} 次；{long} 趟就循環 {long} 次。\n\n"
            "訓練集明顯進步，測試集只有些微進步，這就是過度訓練，<b>過度擬合（overfitting）</b>。"
        ),
        "callback": (
            "callback 可以在整個訓練當中檢查每一趟的狀態：每趟結束時 Keras 會呼叫 <code>on_epoch_end</code>，"
            "<code>logs</code> 裡有這一趟的損失和準確率。超過 0.95，就把 <code>stop_training</code> 設成 <code>"
            "True</code>。"
            "最多跑 {long} 趟。\n\n"
            "小心：Keras 的 <code>epoch</code> 從 0 數起。課程直接印出來，所以它說的第幾趟比實際少 1；這裡加了 1。"
        ),
        "tflite": (
            "<b>轉換</b>：從 Keras 模型做一個 converter，設定最佳化（可以不做；<code>DEFAULT</code> 把權重存成 8 位"
            "元），"
            "<code>convert()</code> 之後寫成檔案。\n\n"
            "<b>使用</b>：只需要 LiteRT（<code>pip install ai-edge-litert</code>），不需要 TensorFlow。"
            "<code>allocate_tensors()</code> 配置記憶體；<code>get_input_details()</code>、<code>"
            "get_output_details()</code> "
            "說出輸入和輸出的編號、形狀和型別。圖片要先轉成 float32，<code>reshape</code> 成輸入的形狀，用編號 "
            "<code>set_tensor</code> 放進去，<code>invoke</code> 執行，再用 <code>get_tensor</code> 取出十個機率。\n\n"
            "那次 {epochs} 趟訓練轉出來的檔案，按下面的按鈕就能下載。"
        ),
        "page": (
            "課程用 Streamlit 做網頁：<code>pip install streamlit streamlit-clickable-images</code>。一樣是從 {test} "
            "張裡隨機選 25 個不重複的號碼，排成五欄，點一張就在旁邊放大，寫出<b>預測</b>、<b>實際</b>和十類的<b>信心分"
            "數</b>。\n\n"
            "Streamlit 的程式每點一下就從頭執行一遍，所以號碼只在第一次選，存在 <code>st.session_state</code> 裡；"
            "不然每點一下 25 張都會換掉。\n\n"
            "這裡改用 matplotlib 排成 5×5，當作點了第一張；可以真的點的，在 /gallery。"
        ),
        "photos": (
            "把自己的照片存成 <code>photo.jpg</code>，放在程式旁邊再執行：轉灰階、縮成 28×28、除以 255，"
            "完全照課程的做法。它多半會說是包包，而且很有信心，原因就在這一步。"
        ),
    },
    stopped="到達 95% 準確度，停止訓練！目前訓練至第 {epoch} 趟。",
    printed="印出來的是：",
    recorded="真的訓練過一次，印出來的是：",
    quoted="課程那一次印出來的是：",
    notebook_title=(
        "# 電腦視覺：看懂衣服\n\n"
        "課程的整份程式，一步一格，從上到下執行就可以。第一格的 `EPOCHS` 是訓練幾趟，想快一點就改成 1。\n\n"
        "需要：`pip install tensorflow ai-edge-litert matplotlib pillow`"
    ),
    notebook_sent="整門課的程式，用 Jupyter 或 Colab 打開，從上到下執行就可以。第一格的 EPOCHS 是訓練幾趟。",
    tflite_sent=(
        "課程的網路，訓練 {epochs} 趟（訓練 {train}、測試 {test}），轉成 TFLite，{size}。用法在這一步的程式裡。"
    ),
    no_tflite="這台機器上沒有那個檔案。照這一步的程式，可以自己轉一個。",
)
